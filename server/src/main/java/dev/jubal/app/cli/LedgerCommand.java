package dev.jubal.app.cli;

import dev.jubal.account.ledger.LedgerCheck;
import dev.jubal.account.ledger.Price;
import dev.jubal.account.ledger.Usd;
import dev.jubal.account.price.Repricing;
import dev.jubal.inference.catalogue.CatalogueLoader;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.platform.sql.Database;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The ledger of a data folder. */
@Command(
    name = "ledger",
    description = "Prove the ledger, and correct past bills.",
    synopsisSubcommandLabel = "COMMAND")
final class LedgerCommand {
  private LedgerCommand() {}

  static picocli.CommandLine create(Terminal terminal) {
    return new picocli.CommandLine(new LedgerCommand())
        .addSubcommand(new Verify(terminal))
        .addSubcommand(new Reprice(terminal));
  }

  @Command(
      name = "verify",
      description =
          "Prove that each cost is price times usage and the sums are those of the rows; ends with"
              + " 1 where one is not. May run beside a server.")
  static final class Verify implements Callable<Integer> {
    @Mixin private final DataDir dataDir = new DataDir();
    private final Terminal terminal;

    Verify(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      List<LedgerCheck.Finding> found;
      try (Database database = dataDir.database()) {
        found = LedgerCheck.telling(database, this::at).run();
      }
      at("");
      Table table = new Table("WHAT", "ROWS", "WRONG");
      found.forEach(f -> table.add(f.what(), Long.toString(f.rows()), Long.toString(f.wrong())));
      table.print(terminal.out());
      return found.stream().allMatch(f -> f.wrong() == 0) ? 0 : 1;
    }

    /** Millions of rows take minutes, in which a person wants to see that something goes on. */
    private void at(String step) {
      if (terminal.interactive()) {
        terminal.err().print("\r\033[K" + step);
        terminal.err().flush();
      }
    }
  }

  @Command(
      name = "reprice",
      description =
          "Compute the bill of a past period again by the prices that stand now. What settled"
              + " requests lack, or have too much, is appended as corrections; no row changes. A"
              + " running server's budgets count it from its next start on.")
  static final class Reprice implements Callable<Integer> {
    @Mixin private final DataDir dataDir = new DataDir();
    private final Terminal terminal;

    @Option(names = "--model", required = true, paramLabel = "MODEL", description = "A name.")
    private String model = "";

    @Option(names = "--from", required = true, paramLabel = "WHEN", description = "Inclusive.")
    private String from = "";

    @Option(names = "--to", required = true, paramLabel = "WHEN", description = "Exclusive.")
    private String to = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "Stands in each correction.")
    private String reason = "the price was wrong";

    @Option(names = "--dry-run", description = "Only say what would change.")
    private boolean dryRun;

    Reprice(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      Model row = PriceCommand.model(model).orElse(null);
      Repricing.Order order =
          new Repricing.Order(
              row == null ? model : row.id(),
              PriceCommand.moment("--from", from),
              PriceCommand.moment("--to", to),
              row == null ? List.of(Price.FREE) : row.prices(),
              CatalogueLoader.load(CatalogueLoader.Options.STANDARD).tools(),
              reason,
              dryRun);
      Repricing.Outcome o;
      try (Database database = dataDir.database()) {
        o = new Repricing(database, InstantSource.system()).run(order);
      }
      Table table = new Table("REQUESTS", "CHANGED", "USD BEFORE", "USD AFTER");
      table.add(
          Long.toString(o.rows()),
          Long.toString(o.changed()),
          Usd.text(o.before()),
          Usd.text(o.after()));
      table.print(terminal.out());
      if (dryRun) {
        terminal.err().println("Nothing was written (--dry-run).");
      }
      return 0;
    }
  }
}
