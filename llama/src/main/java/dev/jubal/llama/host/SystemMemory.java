package dev.jubal.llama.host;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Reads the memory of this machine; the smaller of the machine and the control group counts. */
final class SystemMemory {
  private static final Memory UNBOUNDED = new Memory(Long.MAX_VALUE, Long.MAX_VALUE);

  private SystemMemory() {}

  static Memory now() {
    return now(Path.of("/"));
  }

  /** As {@link #now()}, with {@code /proc} and {@code /sys} looked for under a root. */
  static Memory now(Path root) {
    Memory least = machine(root);
    for (String line : lines(root.resolve("proc/self/cgroup"))) {
      String[] part = line.split(":", 3); // number, controllers of version 1, path
      if (part.length == 3 && part[1].isEmpty()) {
        Path top = root.resolve("sys/fs/cgroup");
        least = smaller(least, group(top, part[2], "memory.max", "memory.current"));
      } else if (part.length == 3 && List.of(part[1].split(",")).contains("memory")) {
        Path top = root.resolve("sys/fs/cgroup/memory");
        least =
            smaller(least, group(top, part[2], "memory.limit_in_bytes", "memory.usage_in_bytes"));
      }
    }
    return least;
  }

  private static Memory machine(Path root) {
    Map<String, Long> kernel = figures(root.resolve("proc/meminfo"), ":");
    Long total = kernel.get("MemTotal");
    Long available = kernel.get("MemAvailable");
    if (total != null && available != null) {
      return new Memory(total << 10, available << 10);
    }
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    // Free memory leaves out what the system caches and would give back, so this errs low.
    return new Memory(system.getTotalMemorySize(), system.getFreeMemorySize());
  }

  // A limit binds all groups below it. Inside a container the path may name nothing that is
  // mounted, or lead out of it; the top is then the container's own group.
  private static Memory group(Path top, String path, String limitFile, String usedFile) {
    Memory least = limit(top, limitFile, usedFile);
    Path folder = top.resolve("." + path).normalize();
    while (folder.startsWith(top) && !folder.equals(top)) {
      least = smaller(least, limit(folder, limitFile, usedFile));
      folder = folder.resolve("..").normalize();
    }
    return least;
  }

  // Cached file pages count as used by the group, yet the kernel drops them before it refuses.
  private static Memory limit(Path folder, String limitFile, String usedFile) {
    OptionalLong limit = number(folder.resolve(limitFile));
    OptionalLong used = number(folder.resolve(usedFile));
    if (limit.isEmpty() || used.isEmpty()) {
      return UNBOUNDED;
    }
    long cached = figures(folder.resolve("memory.stat"), " ").getOrDefault("inactive_file", 0L);
    long available = limit.getAsLong() - used.getAsLong() + cached;
    return new Memory(limit.getAsLong(), Math.clamp(available, 0, limit.getAsLong()));
  }

  private static Memory smaller(Memory a, Memory b) {
    return new Memory(
        Math.min(a.totalBytes(), b.totalBytes()), Math.min(a.availableBytes(), b.availableBytes()));
  }

  private static OptionalLong number(Path file) {
    List<String> lines = lines(file);
    return lines.size() == 1 && lines.getFirst().matches("\\d{1,18}")
        ? OptionalLong.of(Long.parseLong(lines.getFirst()))
        : OptionalLong.empty(); // "max": not bounded
  }

  private static Map<String, Long> figures(Path file, String separator) {
    Map<String, Long> figures = new HashMap<>();
    for (String line : lines(file)) {
      int end = line.indexOf(separator);
      String value = end < 0 ? "" : line.substring(end + 1).replace("kB", "").strip();
      if (value.matches("\\d{1,18}")) {
        figures.put(line.substring(0, end), Long.parseLong(value));
      }
    }
    return figures;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      return List.of(); // another system, or not confined in this way
    }
  }
}
