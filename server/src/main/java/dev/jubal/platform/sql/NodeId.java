package dev.jubal.platform.sql;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** The id of a data folder, in its file {@code node-id}, made once. */
final class NodeId {
  private static final String FILE = "node-id";

  private NodeId() {}

  static String of(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      make(folder, file);
    }
    String text = Files.readString(file).strip();
    try {
      return UUID.fromString(text).toString();
    } catch (IllegalArgumentException e) {
      throw new DatabaseException(
          "The file " + file + " holds \"" + text + "\" (expected: a UUID, or no file).", e);
    }
  }

  /** Whole or not at all, and never over one that another process made meanwhile. */
  private static void make(Path folder, Path file) throws IOException {
    Path draft = Files.createTempFile(folder, FILE, "");
    try {
      Files.write(draft, UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII));
      Files.createLink(file, draft);
    } catch (FileAlreadyExistsException another) {
      // its id holds
    } catch (UnsupportedOperationException e) {
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(draft);
    }
  }
}
