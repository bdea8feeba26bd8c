package dev.jubal.app.cli;

import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.sql.Backups;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Copies the database, also under a running server. */
@Command(
    name = "backup",
    description =
        "Copy the database to a file, also while a server runs, and write its SHA-256 beside it."
            + " The master key is not in it: keep that apart.")
final class BackupCommand implements Callable<Integer> {
  @Mixin private final DataDir dataDir = new DataDir();
  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "FILE", description = "A file that is not there yet.")
  private Path file = Path.of("");

  BackupCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Path to = file.toAbsolutePath().normalize();
    refuseServer(dataDir, "pg_dump --format=custom --file=" + to + " NAME");
    String sum = Backups.take(dataDir.path(), to);
    terminal.err().println("Copied the database to " + to + " (SHA-256 " + sum + ").");
    return 0;
  }

  /** Tools of its own do that better than a copy through this process would. */
  static void refuseServer(DataDir dataDir, String tool) {
    dataDir
        .databaseConfig()
        .url()
        .ifPresent(
            _ -> {
              throw new ConfigException(
                  "The database is a PostgreSQL, whose own tools copy it: " + tool);
            });
  }
}
