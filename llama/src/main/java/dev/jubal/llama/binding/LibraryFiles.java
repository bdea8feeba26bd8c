package dev.jubal.llama.binding;

import dev.jubal.llama.EngineFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where the shared libraries of a package lie. Packages put a version before or after the suffix
 * ({@code libllama.v0.5.0.so}, {@code libllama.so.0}) and name it by the system, so files are found
 * by pattern.
 */
final class LibraryFiles {
  private final Path folder;

  LibraryFiles(Path folder) {
    this.folder = folder;
  }

  /** The one file of library {@code name} ("llama", "ggml", "ggml-base"). */
  Path find(String name) {
    Pattern pattern = pattern(name, System.getProperty("os.name", ""));
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> found =
          files
              .filter(f -> pattern.matcher(f.getFileName().toString()).matches())
              .sorted()
              .toList();
      if (found.isEmpty()) {
        throw new EngineFailure(
            EngineFailure.Kind.LOAD_FAILED,
            "library folder " + folder + " holds no lib" + name + " (expected: " + pattern + ")");
      }
      return found.getFirst();
    } catch (IOException e) {
      throw new EngineFailure(
          EngineFailure.Kind.LOAD_FAILED,
          "library folder " + folder + " (expected: a readable folder): " + e);
    }
  }

  static Pattern pattern(String name, String system) {
    String os = system.toLowerCase(Locale.ROOT);
    String version = "(\\.v?[0-9][0-9a-z.-]*)?";
    // the packages for other devices name them: libllama.cuda.v0.5.0.so
    String stem = Pattern.quote(name) + "(\\.(cuda|vulkan|metal))?" + version;
    if (os.startsWith("windows")) {
      return Pattern.compile("(lib)?" + stem + "\\.dll");
    }
    if (os.startsWith("mac")) {
      return Pattern.compile("lib" + stem + "\\.dylib");
    }
    return Pattern.compile("lib" + stem + "\\.so" + version);
  }
}
