package dev.jubal.app.cli;

import dev.jubal.app.operate.OperatedState;
import dev.jubal.backend.llama.models.LocalModels;
import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.sql.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes what operators set as one file. */
@Command(
    name = "export",
    description =
        "Write plans, tiers, teams, limits, budgets, projects, users, keys (without secrets),"
            + " prices and routes as one YAML file, also while a server runs; see apply.")
final class ExportCommand implements Callable<Integer> {
  @Mixin private final DataDir dataDir = new DataDir();
  private final Terminal terminal;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where to (default: standard output).")
  private @Nullable Path output;

  ExportCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    String text;
    try (Database database = dataDir.database()) {
      text = state(dataDir, database).export();
    }
    if (output == null) {
      terminal.out().print(text);
      terminal.out().flush();
      return 0;
    }
    try {
      Files.writeString(output, text);
    } catch (IOException e) {
      throw new ConfigException("export: " + output + " cannot be written: " + e + ".");
    }
    terminal.note("Wrote " + output + ".");
    return 0;
  }

  static OperatedState state(DataDir dataDir, Database database) {
    return new OperatedState(
        database,
        InstantSource.system(),
        dataDir.references(),
        new LocalModels(dataDir.path())::names);
  }
}
