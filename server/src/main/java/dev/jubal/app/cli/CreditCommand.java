package dev.jubal.app.cli;

import dev.jubal.account.budget.Credits;
import dev.jubal.account.keys.Team;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.ledger.Usd;
import dev.jubal.platform.sql.Database;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The credits of a data folder's teams. */
@Command(
    name = "credit",
    description = "Add and list credits; only teams whose plan needs them spend them.",
    synopsisSubcommandLabel = "COMMAND")
final class CreditCommand {
  private CreditCommand() {}

  static picocli.CommandLine create(Terminal terminal) {
    return new picocli.CommandLine(new CreditCommand())
        .addSubcommand(new Add(terminal))
        .addSubcommand(new ListCredits(terminal));
  }

  private static void print(Credits credits, Team team, Terminal terminal) {
    Table table = new Table("AT", "ORIGIN", "USD", "NOTE");
    credits
        .list(team.id())
        .forEach(
            c -> table.add(c.at().toString(), c.origin().name(), Usd.text(c.ticks()), c.note()));
    table.print(terminal.out());
    terminal.out().println("Left: " + Usd.text(credits.left(team.id())) + " USD");
  }

  @Command(name = "add", description = "Add credits to a team; a negative amount takes some away.")
  static final class Add implements Callable<Integer> {
    @Mixin private final DataDir dataDir = new DataDir();
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "TEAM", description = "Its name or id.")
    private String team = "";

    @Parameters(index = "1", paramLabel = "USD", description = "The amount, such as 12.50.")
    private String amount = "";

    @Option(names = "--note", paramLabel = "TEXT", description = "What for.")
    private String note = "";

    Add(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      try (Database database = dataDir.database()) {
        Team of = new TeamStore(database).named(team);
        Credits credits = new Credits(database, InstantSource.system());
        credits.add(of.id(), Credits.Origin.MANUAL, Usd.ticks("amount", amount), note);
        print(credits, of, terminal);
      }
      return 0;
    }
  }

  @Command(name = "list", description = "List what a team was given, and what is left of it.")
  static final class ListCredits implements Callable<Integer> {
    @Mixin private final DataDir dataDir = new DataDir();
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "TEAM", description = "Its name or id.")
    private String team = "";

    ListCredits(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      try (Database database = dataDir.database()) {
        print(
            new Credits(database, InstantSource.system()),
            new TeamStore(database).named(team),
            terminal);
      }
      return 0;
    }
  }
}
