package dev.jubal.app.cli;

import dev.jubal.platform.sql.Backups;
import dev.jubal.platform.sql.DatabaseConfig;
import dev.jubal.platform.sql.PostgresBackups;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Puts a backup in the place of the database. */
@Command(
    name = "restore",
    description =
        "Put a backup in the place of the database, which is kept in the folder backups; refuses"
            + " while a server runs, and a file that does not have its SHA-256.")
final class RestoreCommand implements Callable<Integer> {
  @Mixin private final DataDir dataDir = new DataDir();
  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "FILE", description = "What backup wrote.")
  private Path file = Path.of("");

  RestoreCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Path from = file.toAbsolutePath().normalize();
    DatabaseConfig config = dataDir.databaseConfig();
    if (config.url().isPresent()) {
      new PostgresBackups(config, System.getenv()).restore(dataDir.path(), from);
    } else {
      Backups.restore(dataDir.path(), from);
    }
    terminal.err().println("Restored " + from + ".");
    return 0;
  }
}
