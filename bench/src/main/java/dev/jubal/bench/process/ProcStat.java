package dev.jubal.bench.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code /proc} says of a process.
 *
 * @param cpuMillis user and system time, to 10 ms
 * @param rss resident memory in bytes
 * @param peakRss most resident memory so far in bytes
 */
public record ProcStat(long cpuMillis, long rss, long peakRss) {
  private static final int TICK_MILLIS = 10; // USER_HZ is 100 on every Linux ABI Java runs on

  public static ProcStat of(long pid) throws IOException {
    Path folder = Path.of("/proc", Long.toString(pid));
    String stat = Files.readString(folder.resolve("stat"));
    // the command's name may hold blanks and brackets: fields count from the last bracket
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    List<String> status = Files.readAllLines(folder.resolve("status"));
    return new ProcStat(ticks * TICK_MILLIS, bytes(status, "VmRSS:"), bytes(status, "VmHWM:"));
  }

  private static long bytes(List<String> status, String name) {
    return status.stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).replace("kB", "").strip())
        .mapToLong(kb -> Long.parseLong(kb) * 1024)
        .findFirst()
        .orElse(0);
  }

  /** The command line a process runs. */
  public static List<String> commandLine(long pid) throws IOException {
    byte[] raw = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "cmdline"));
    return List.of(new String(raw, StandardCharsets.UTF_8).split("\0"));
  }
}
