package dev.jubal.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What figures depend on and what says nothing of whose machine it was.
 *
 * @param memoryGib rounded
 * @param cpu the processor's family of vector instructions
 */
public record Machine(String os, String arch, int cores, long memoryGib, String cpu, String jdk) {

  /** This one. */
  public static Machine here() throws IOException {
    return new Machine(
        System.getProperty("os.name"),
        System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors(),
        memory(),
        vectors(),
        Runtime.version().toString());
  }

  private static long memory() throws IOException {
    return Files.readAllLines(Path.of("/proc/meminfo")).stream()
        .filter(line -> line.startsWith("MemTotal:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .map(kib -> Math.round(kib / 1024.0 / 1024.0))
        .findFirst()
        .orElse(0);
  }

  private static String vectors() throws IOException {
    String facts = Files.readString(Path.of("/proc/cpuinfo"));
    for (String name : new String[] {"avx512f", "avx2", "avx", "asimd"}) {
      if (facts.contains(" " + name + " ") || facts.contains(" " + name + "\n")) {
        return name;
      }
    }
    return "none known";
  }
}
