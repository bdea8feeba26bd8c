package dev.jubal.app.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option every command has. */
public final class DataDir {
  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      defaultValue = "${env:JUBAL_DATA_DIR:-${sys:user.home}/.jubal}",
      description = "Folder of keys, ledger and models (default: $${JUBAL_DATA_DIR} or ~/.jubal).")
  private Path path = Path.of("");

  /** The folder, absolute; it need not exist. */
  public Path path() {
    return path.toAbsolutePath().normalize();
  }
}
