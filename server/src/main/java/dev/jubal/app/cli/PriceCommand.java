package dev.jubal.app.cli;

import dev.jubal.account.ledger.Price;
import dev.jubal.account.ledger.Usd;
import dev.jubal.account.price.PriceStore;
import dev.jubal.inference.catalogue.Catalogue;
import dev.jubal.inference.catalogue.CatalogueLoader;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.sql.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The prices of a data folder. */
@Command(
    name = "price",
    description = "List and set what names cost; a running server sees it within a second.",
    synopsisSubcommandLabel = "COMMAND")
final class PriceCommand {
  private static final long MILLION = 1_000_000;

  private PriceCommand() {}

  static picocli.CommandLine create(Terminal terminal) {
    return new picocli.CommandLine(new PriceCommand())
        .addSubcommand(new ListPrices(terminal))
        .addSubcommand(new Set(terminal));
  }

  /** A day, or a moment in RFC 3339. */
  static Instant moment(String option, String text) {
    try {
      return text.length() == "2026-01-31".length()
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new ConfigException(
          option + " " + text + " (expected: a day such as 2026-01-31, or 2026-01-31T12:00:00Z).");
    }
  }

  /** The catalogue's row of a name, or of its alias. */
  static Optional<Model> model(String name) {
    Catalogue catalogue = CatalogueLoader.load(CatalogueLoader.Options.STANDARD);
    return catalogue.find(name);
  }

  private static String million(long ticks) {
    return Usd.text(Math.multiplyExact(ticks, MILLION));
  }

  private static void add(Table table, String model, Price p, String where) {
    table.add(
        model,
        p.from().toString(),
        million(p.rate().prompt()),
        million(p.rate().cached()),
        million(p.rate().completion()),
        p.longThreshold() == 0 ? "-" : Long.toString(p.longThreshold()),
        p.longThreshold() == 0
            ? "-"
            : million(p.longRate().prompt())
                + "/"
                + million(p.longRate().cached())
                + "/"
                + million(p.longRate().completion()),
        where,
        p.source());
  }

  private static Table table() {
    return new Table(
        "MODEL", "FROM", "INPUT", "CACHED", "OUTPUT", "LONG FROM", "LONG RATES", "OF", "SOURCE");
  }

  @Command(
      name = "list",
      description = "List prices in USD per million tokens, the catalogue's and those set here.")
  static final class ListPrices implements Callable<Integer> {
    @Mixin private final DataDir dataDir = new DataDir();
    private final Terminal terminal;

    @Parameters(index = "0", arity = "0..1", paramLabel = "MODEL", description = "Only its.")
    private @Nullable String name;

    ListPrices(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      String only = name == null ? "" : model(name).map(Model::id).orElse(name);
      Table table = table();
      for (Model m : CatalogueLoader.load(CatalogueLoader.Options.STANDARD).models()) {
        if (only.isEmpty() || m.id().equals(only)) {
          m.prices().forEach(p -> add(table, m.id(), p, "catalogue"));
        }
      }
      try (Database database = dataDir.database()) {
        Map<String, List<Price>> set = new PriceStore(database, InstantSource.system()).all();
        set.forEach(
            (model, prices) -> {
              if (only.isEmpty() || model.equals(only)) {
                prices.forEach(p -> add(table, model, p, "here"));
              }
            });
      }
      table.print(terminal.out());
      return 0;
    }
  }

  @Command(
      name = "set",
      description =
          "Set what a name costs from a moment on, in USD per million tokens. What is settled keeps"
              + " its cost: see `ledger reprice`.")
  static final class Set implements Callable<Integer> {
    @Mixin private final DataDir dataDir = new DataDir();
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "MODEL", description = "A name or an installed model.")
    private String name = "";

    @Option(names = "--input", required = true, paramLabel = "USD", description = "Tokens read.")
    private String input = "";

    @Option(
        names = "--cached",
        paramLabel = "USD",
        description = "Cached ones (default: as --input).")
    private @Nullable String cached;

    @Option(
        names = "--output",
        required = true,
        paramLabel = "USD",
        description = "Tokens written, thought included.")
    private String output = "";

    @Option(names = "--from", paramLabel = "WHEN", description = "Since when (default: now).")
    private @Nullable String from;

    @Option(
        names = "--long-from",
        paramLabel = "N",
        description = "Prompts of so many tokens on cost twice as much, as a whole.")
    private long longFrom;

    @Option(names = "--source", required = true, paramLabel = "TEXT", description = "Who says so.")
    private String source = "";

    Set(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      String model = model(name).map(Model::id).orElse(name);
      Price.Rate rate =
          new Price.Rate(
              perToken("--input", input),
              perToken("--cached", cached == null ? input : cached),
              perToken("--output", output));
      if (longFrom < 0 || source.isBlank() || source.equals(Price.UNKNOWN)) {
        throw new ConfigException(
            "price set: --long-from "
                + longFrom
                + ", --source \""
                + source
                + "\" (expected: at least 0, and where the figure comes from).");
      }
      Price price =
          new Price(
              from == null ? Instant.now() : moment("--from", from),
              rate,
              longFrom,
              longFrom == 0
                  ? Price.Rate.FREE
                  : new Price.Rate(2 * rate.prompt(), 2 * rate.cached(), 2 * rate.completion()),
              source);
      try (Database database = dataDir.database()) {
        new PriceStore(database, InstantSource.system()).set(model, price);
      }
      Table table = table();
      add(table, model, price, "here");
      table.print(terminal.out());
      return 0;
    }

    private static long perToken(String option, String text) {
      long ticks = Usd.ticks(option, text);
      if (ticks < 0 || ticks % MILLION != 0) {
        throw new ConfigException(
            option
                + " "
                + text
                + " (expected: USD per million tokens, at least 0, with at most 4"
                + " decimals).");
      }
      return ticks / MILLION;
    }
  }
}
