package dev.jubal.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/** Folders the bench makes and deletes. */
public final class Folders {
  private Folders() {}

  /** Makes a folder, empty: what an earlier run left in it is deleted. */
  public static Path empty(Path folder) throws IOException {
    if (Files.exists(folder)) {
      delete(folder);
    }
    return Files.createDirectories(folder);
  }

  /** Lets others pass through a folder to what is theirs in it, without looking around. */
  public static void passable(Path folder) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
  }

  /** Deletes a folder with all that is in it. */
  public static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
