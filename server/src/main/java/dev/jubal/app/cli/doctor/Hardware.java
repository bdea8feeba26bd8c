package dev.jubal.app.cli.doctor;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Processor and memory. */
final class Hardware {
  private static final long GIGABYTE = 1_000_000_000;
  private static final List<String> WANTED = List.of("avx2", "fma", "f16c");
  private static final List<String> BETTER =
      List.of("avx512f", "avx512_vnni", "avx_vnni", "amx_int8", "asimddp", "i8mm", "sve");

  private final Path root;

  /**
   * @param root where {@code proc} is looked for
   */
  Hardware(Path root) {
    this.root = root;
  }

  Finding processor() {
    int cores = Runtime.getRuntime().availableProcessors();
    Set<String> flags = flags();
    String seen = cores + " cores, " + System.getProperty("os.arch");
    if (flags.isEmpty()) {
      return Finding.ok("processor", seen + ", features not told by this system");
    }
    List<String> has =
        Stream.concat(WANTED.stream(), BETTER.stream()).filter(flags::contains).toList();
    List<String> lacks = WANTED.stream().filter(f -> !flags.contains(f)).toList();
    seen += ", features: " + (has.isEmpty() ? "none of note" : String.join(" ", has));
    boolean arm = flags.contains("asimd");
    if (!arm && !lacks.isEmpty()) {
      return Finding.warn(
          "processor",
          seen + "; lacks " + String.join(" ", lacks),
          "the engine runs, several times slower",
          "another machine, or a hypervisor that passes these features on");
    }
    return cores > 1
        ? Finding.ok("processor", seen)
        : Finding.warn("processor", seen, "server and engine share one core", "more cores");
  }

  /** Feature words of the first core; empty where the system has no /proc/cpuinfo. */
  private Set<String> flags() {
    Path file = root.resolve("proc/cpuinfo");
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(l -> l.startsWith("flags") || l.startsWith("Features"))
          .findFirst()
          .map(l -> Set.copyOf(List.of(l.substring(l.indexOf(':') + 1).strip().split("\\s+"))))
          .orElse(Set.of());
    } catch (IOException e) {
      return Set.of();
    }
  }

  Finding memory() {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return memory(system.getTotalMemorySize());
  }

  static Finding memory(long total) {
    String seen = String.format(java.util.Locale.ROOT, "%.1f GB", (double) total / GIGABYTE);
    if (total < GIGABYTE) {
      return Finding.missing(
          "memory", seen, "the server and the default model need 1 GB", "more memory");
    }
    return total < 2 * GIGABYTE
        ? Finding.warn("memory", seen, "room for the default model alone", "more memory")
        : Finding.ok("memory", seen);
  }
}
