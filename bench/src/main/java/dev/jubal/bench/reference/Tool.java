package dev.jubal.bench.reference;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Programs of this machine, and the line that installs those that are missing. */
enum Tool {
  CMAKE("cmake", "cmake"),
  COMPILER("c++", "g++"),
  MAKE("make", "make"),
  PYTHON("python3", "python3"),
  TAR("tar", "tar"),
  PERF("perf", "perf");

  private static final List<Map.Entry<String, String>> INSTALLERS =
      List.of(
          Map.entry("apt-get", "sudo apt-get install -y "),
          Map.entry("dnf", "sudo dnf install -y "),
          Map.entry("pacman", "sudo pacman -S "),
          Map.entry("zypper", "sudo zypper install "),
          Map.entry("brew", "brew install "));

  // Where a package is not named as on Debian.
  private static final Map<String, String> OTHERS =
      Map.of(
          "apt-get perf", "linux-perf",
          "apt-get python3", "python3 python3-pip",
          "dnf g++", "gcc-c++",
          "dnf python3", "python3 python3-pip",
          "pacman g++", "gcc",
          "pacman python3", "python python-pip",
          "zypper g++", "gcc-c++",
          "zypper python3", "python3 python3-pip",
          "brew g++", "gcc",
          "brew python3", "python");

  private final String program;
  private final String packaged;

  Tool(String program, String packaged) {
    this.program = program;
    this.packaged = packaged;
  }

  boolean present() {
    return find(program).isPresent();
  }

  /** Refuses, with the line that installs them, when some are missing. */
  static void need(Tool... tools) throws IOException {
    List<Tool> missing = new ArrayList<>();
    for (Tool tool : tools) {
      if (!tool.present()) {
        missing.add(tool);
      }
    }
    if (!missing.isEmpty()) {
      String names = missing.stream().map(t -> t.program).collect(Collectors.joining(", "));
      throw new IOException("missing: " + names + ". Install with:\n  " + install(missing));
    }
  }

  /** The line that installs this one. */
  String install() {
    return install(List.of(this));
  }

  private static String install(List<Tool> tools) {
    for (Map.Entry<String, String> installer : INSTALLERS) {
      String manager = installer.getKey();
      if (find(manager).isPresent()) {
        return installer.getValue()
            + tools.stream()
                .map(t -> OTHERS.getOrDefault(manager + " " + t.packaged, t.packaged))
                .collect(Collectors.joining(" "));
      }
    }
    return "the package manager of this system: "
        + tools.stream().map(t -> t.packaged).collect(Collectors.joining(" "));
  }

  private static Optional<Path> find(String program) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    for (String folder : path.split(File.pathSeparator)) {
      Path file = Path.of(folder, program);
      if (Files.isExecutable(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  /** Whether ninja is there, which builds faster than make. */
  static boolean ninja() {
    return find("ninja").isPresent();
  }
}
