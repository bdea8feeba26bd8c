package dev.jubal.app.cli;

import dev.jubal.app.operate.Issued;
import dev.jubal.app.operate.OperatedState;
import dev.jubal.app.operate.Outcome;
import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.sql.Database;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Brings the database to what a file says. */
@Command(
    name = "apply",
    description =
        "Bring plans, tiers, teams, limits, budgets, projects, users, keys, prices and routes to"
            + " what a file says, in one transaction, also while servers run; see export.",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done, or with --dry-run: nothing would change",
      "1:refused; nothing was changed",
      "2:wrong usage",
      "3:with --dry-run: something would change"
    })
final class ApplyCommand implements Callable<Integer> {
  private static final int WOULD_CHANGE = 3;

  @Mixin private final DataDir dataDir = new DataDir();
  private final Terminal terminal;

  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "FILE",
      description = "What export writes, or a part of it; - is standard input.")
  private String file = "";

  @Option(names = "--dry-run", description = "Change nothing; tell what would change.")
  private boolean dry;

  @Option(
      names = "--prune",
      description = "Delete what is missing in the lists of the file; else it is kept.")
  private boolean prune;

  ApplyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    String text = text();
    String name = file.equals("-") ? "standard input" : file;
    Outcome outcome;
    try (Database database = dataDir.database()) {
      outcome =
          ExportCommand.state(dataDir, database)
              .apply(text, new OperatedState.Manner(name, prune, dry));
    }
    outcome.changes().forEach(terminal.out()::println);
    if (!dry) {
      for (Issued key : outcome.issued()) {
        terminal.out().println("secret   " + key.path() + "  " + key.secret().reveal());
      }
    }
    terminal.out().flush();
    terminal.note(summary(outcome));
    return dry && outcome.different() ? WOULD_CHANGE : 0;
  }

  private String summary(Outcome outcome) {
    return (dry ? "Would be: " : "")
        + outcome.count(Outcome.Kind.CREATED)
        + " created, "
        + outcome.count(Outcome.Kind.CHANGED)
        + " changed, "
        + outcome.count(Outcome.Kind.DELETED)
        + " deleted, "
        + outcome.unchanged()
        + " unchanged, "
        + outcome.count(Outcome.Kind.KEPT)
        + " kept that the file does not name."
        + (outcome.issued().isEmpty() || dry ? "" : " Secrets are shown this once.");
  }

  private String text() {
    try {
      return file.equals("-")
          ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
          : Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new ConfigException("apply: " + file + " cannot be read: " + e + ".");
    }
  }
}
