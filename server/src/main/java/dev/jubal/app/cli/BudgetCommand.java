package dev.jubal.app.cli;

import dev.jubal.account.budget.Budget;
import dev.jubal.account.budget.BudgetStore;
import dev.jubal.account.budget.Spending;
import dev.jubal.account.budget.Window;
import dev.jubal.account.keys.Team;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.ledger.Usd;
import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.sql.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The budgets of a data folder. */
@Command(
    name = "budget",
    description = "Set, list and remove budgets; a running server sees it within a second.",
    synopsisSubcommandLabel = "COMMAND")
final class BudgetCommand {
  private BudgetCommand() {}

  static picocli.CommandLine create(Terminal terminal) {
    return new picocli.CommandLine(new BudgetCommand())
        .addSubcommand(new ListBudgets(terminal))
        .addSubcommand(new Set(terminal))
        .addSubcommand(new Remove(terminal));
  }

  private static void add(Table table, Budget b, Spending spending) {
    boolean each = b.subject().equals(Budget.EACH);
    Instant now = Instant.now();
    table.add(
        b.scope().text(),
        b.subject(),
        b.window().text(),
        b.hard() ? "hard" : "soft",
        Usd.text(b.ticks()),
        each
            ? "-"
            : Usd.text(spending.settled(b.teamId(), b.scope(), b.subject(), b.window(), now)),
        b.window().end(now).map(Instant::toString).orElse("never"),
        b.id());
  }

  private static Table table() {
    return new Table("OF", "WHO", "WINDOW", "KIND", "USD", "SPENT", "ENDS", "ID");
  }

  @Command(name = "list", description = "List budgets and what is spent of them.")
  static final class ListBudgets implements Callable<Integer> {
    @Mixin private final DataDir dataDir = new DataDir();
    private final Terminal terminal;

    @Option(names = "--team", paramLabel = "TEAM", description = "Only those of a team.")
    private @Nullable String team;

    ListBudgets(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      Table table = table();
      try (Database database = dataDir.database()) {
        Optional<String> of =
            Optional.ofNullable(team).map(t -> new TeamStore(database).named(t).id());
        Spending spending = new Spending(database);
        new BudgetStore(database, InstantSource.system())
            .list(of)
            .forEach(b -> add(table, b, spending));
      }
      table.print(terminal.out());
      return 0;
    }
  }

  @Command(
      name = "set",
      description =
          "Set what a team may spend in a window, or one of its projects, keys or end users; * is"
              + " each one of them. A hard budget refuses, a soft one only tells.")
  static final class Set implements Callable<Integer> {
    @Mixin private final DataDir dataDir = new DataDir();
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "TEAM", description = "Its name or id.")
    private String team = "";

    @Parameters(index = "1", paramLabel = "USD", description = "The amount, such as 12.50.")
    private String amount = "";

    @Option(names = "--project", paramLabel = "ID", description = "A project of the team, or *.")
    private @Nullable String project;

    @Option(names = "--key", paramLabel = "ID", description = "The id of a key, or *.")
    private @Nullable String key;

    @Option(names = "--end-user", paramLabel = "NAME", description = "An end user, or *.")
    private @Nullable String endUser;

    @Option(
        names = "--window",
        paramLabel = "WINDOW",
        defaultValue = "monthly",
        description = "daily, monthly, total or prepaid (default: monthly).")
    private String window = "";

    @Option(names = "--soft", description = "Only tell when it is passed.")
    private boolean soft;

    Set(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      if (Stream.of(project, key, endUser).filter(s -> s != null).count() > 1) {
        throw new ConfigException(
            "budget set: more than one of --project, --key and --end-user (expected: one, or none"
                + " for the whole team).");
      }
      Table table = table();
      try (Database database = dataDir.database()) {
        Team of = new TeamStore(database).named(team);
        Budget made =
            new BudgetStore(database, InstantSource.system())
                .set(
                    new BudgetStore.Wanted(
                        of.id(),
                        scope(),
                        subject(of),
                        window(),
                        !soft,
                        Usd.ticks("amount", amount)));
        add(table, made, new Spending(database));
      }
      table.print(terminal.out());
      return 0;
    }

    private Budget.Scope scope() {
      if (project != null) {
        return Budget.Scope.PROJECT;
      }
      if (key != null) {
        return Budget.Scope.KEY;
      }
      return endUser != null ? Budget.Scope.END_USER : Budget.Scope.TEAM;
    }

    private String subject(Team of) {
      return Stream.of(project, key, endUser).filter(s -> s != null).findFirst().orElse(of.id());
    }

    private Window window() {
      try {
        return Window.valueOf(window.toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException e) {
        throw new ConfigException(
            "--window " + window + " (expected: daily, monthly, total or prepaid).");
      }
    }
  }

  @Command(name = "remove", description = "Remove a budget.")
  static final class Remove implements Callable<Integer> {
    @Mixin private final DataDir dataDir = new DataDir();
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "ID", description = "Its id.")
    private String id = "";

    Remove(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      try (Database database = dataDir.database()) {
        if (!new BudgetStore(database, InstantSource.system()).remove(id)) {
          throw new ConfigException(
              "budget remove: there is no \"" + id + "\" (expected: an id of `budget list`).");
        }
      }
      terminal.err().println("The budget " + id + " is no more.");
      return 0;
    }
  }
}
