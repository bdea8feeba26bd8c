package dev.jubal.app.cli;

import dev.jubal.platform.sql.Backups;
import dev.jubal.platform.sql.DatabaseConfig;
import dev.jubal.platform.sql.PostgresBackups;
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
            + " The master key is not in it: keep that apart. A PostgreSQL is copied by"
            + " its own pg_dump.")
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
    DatabaseConfig config = dataDir.databaseConfig();
    String sum =
        config.url().isPresent()
            ? new PostgresBackups(config, System.getenv()).take(to)
            : Backups.take(dataDir.path(), to);
    terminal.err().println("Copied the database to " + to + " (SHA-256 " + sum + ").");
    return 0;
  }
}
