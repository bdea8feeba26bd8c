package dev.jubal.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;

/** A master key in a file, for servers that share one. */
public final class MasterKey {
  private MasterKey() {}

  /** Writes {@code master.key} of a folder, as a server wants it. */
  public static Path in(Path folder) throws IOException {
    Path file = folder.resolve("master.key");
    Files.writeString(file, Base64.getEncoder().encodeToString(new byte[32]));
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }
}
