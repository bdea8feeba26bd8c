package dev.jubal.platform.artifact;

import dev.jubal.platform.artifact.ArtifactException.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The last steps of every fetch: check, make durable, rename; and what a disk's errors mean. */
public final class Staging {
  private Staging() {}

  /** A new, empty folder beside {@code target}, on the same file system. */
  public static Path folder(Path target) throws IOException {
    Path parent = target.toAbsolutePath().getParent();
    Files.createDirectories(parent);
    return Files.createTempDirectory(parent, ".fetch-");
  }

  /**
   * Compares a finished file with its pin.
   *
   * @throws ArtifactException {@link Kind#WRONG_HASH}; the file is deleted
   */
  static void check(String what, Path file, Sha256 actual, Optional<Sha256> expected) {
    if (expected.isEmpty() || expected.get().equals(actual)) {
      return;
    }
    delete(file);
    throw new ArtifactException(
        Kind.WRONG_HASH,
        what
            + " has sha256 "
            + actual
            + " (expected: "
            + expected.get()
            + "). It was deleted, nothing was installed.");
  }

  /** Puts a finished file or folder in place, durably and at once. */
  public static void install(Path finished, Path target) throws IOException {
    if (Files.isRegularFile(finished)) {
      try (FileChannel channel = FileChannel.open(finished, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
    }
    try {
      Files.move(
          finished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException(
          target + ": the file system cannot rename at once (expected: one local disk)", e);
    }
  }

  /** Says what a failed write means to the operator. */
  public static ArtifactException failed(String what, IOException e) {
    if (isFull(e)) {
      return new ArtifactException(
          Kind.DISK, what + ": the disk is full (expected: free space; nothing was installed).", e);
    }
    return new ArtifactException(Kind.DISK, what + ": " + reason(e) + ".", e);
  }

  static boolean isFull(@Nullable Throwable e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      String message = String.valueOf(t.getMessage()).toLowerCase(Locale.ROOT);
      if (message.contains("no space left")
          || message.contains("quota exceeded")
          || message.contains("not enough space")) {
        return true;
      }
    }
    return false;
  }

  static String reason(IOException e) {
    String message = e.getMessage();
    String kind = e.getClass().getSimpleName();
    return message == null ? kind : kind + ": " + message;
  }

  /** Deletes a file or folder if it is there. */
  public static void delete(Path path) {
    if (!Files.exists(path, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> all = Files.walk(path)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + path, e);
    }
  }
}
