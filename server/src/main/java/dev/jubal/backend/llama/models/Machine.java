package dev.jubal.backend.llama.models;

import java.util.List;
import java.util.Locale;

/**
 * The kind of this machine, in the words of the packages.
 *
 * @param system linux, mac or windows
 * @param arch x64, arm64 or another word of the JVM's
 */
record Machine(String system, String arch) {

  static Machine here() {
    return of(System.getProperty("os.name"), System.getProperty("os.arch"));
  }

  static Machine of(String osName, String osArch) {
    String os = osName.toLowerCase(Locale.ROOT);
    String system = os.startsWith("mac") ? "mac" : os.startsWith("windows") ? "windows" : os;
    String arch =
        switch (osArch.toLowerCase(Locale.ROOT)) {
          case "amd64", "x86_64" -> "x64";
          case "aarch64", "arm64" -> "arm64";
          default -> osArch;
        };
    return new Machine(system, arch);
  }

  /** The devices to look for, best first. */
  List<String> devices(String wanted) {
    if (!wanted.equals("auto")) {
      return List.of(wanted);
    }
    if (system.equals("mac")) {
      return List.of("metal", "cpu");
    }
    // cuda and vulkan are only taken when asked for: their packages have not been run yet, and
    // integrated graphics are often slower than the cores
    return List.of("cpu");
  }
}
