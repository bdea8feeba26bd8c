package dev.jubal.llama.worker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The private folder (0700) of one worker: its socket, and its crash report if it comes to that.
 */
final class SocketFolder {
  // sun_path holds 104 bytes on macOS, 108 on Linux, the final zero included.
  private static final int LONGEST_ADDRESS = 100;

  private SocketFolder() {}

  static Path create() throws IOException {
    Path folder = Files.createTempDirectory("jubal-worker");
    if (length(socket(folder)) <= LONGEST_ADDRESS) {
      return folder;
    }
    delete(folder);
    folder = Files.createTempDirectory(Path.of("/tmp"), "jubal-worker");
    return folder;
  }

  static Path socket(Path folder) {
    return folder.resolve("socket");
  }

  static Path crashReport(Path folder) {
    return folder.resolve("crash.log");
  }

  /** Deletes the folder; both sides do, whoever is left to do it. */
  static void delete(Path folder) {
    try {
      Files.deleteIfExists(socket(folder));
      Files.deleteIfExists(crashReport(folder));
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      return; // another file lies there: not ours to delete
    }
  }

  private static int length(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8).length;
  }
}
