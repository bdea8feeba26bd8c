package dev.jubal.app.cli;

import dev.jubal.account.ledger.Extras;
import dev.jubal.account.ledger.Price;
import dev.jubal.account.ledger.Usd;
import dev.jubal.account.price.PriceStore;
import dev.jubal.account.price.PriceTable;
import dev.jubal.inference.catalogue.Catalogue;
import dev.jubal.inference.catalogue.CatalogueLoader;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.sql.Database;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
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

  /** A price, and who set it: the catalogue, or somebody here. */
  private record Dated(Price price, String where) {}

  private static void add(Table table, String model, Dated dated, String until) {
    Price p = dated.price();
    table.add(
        model,
        p.from().toString(),
        until,
        Usd.perMillion(p.rate().prompt()),
        Usd.perMillion(p.rate().cached()),
        Usd.perMillion(p.rate().completion()),
        p.longThreshold() == 0 ? "-" : Long.toString(p.longThreshold()),
        p.longThreshold() == 0
            ? "-"
            : Usd.perMillion(p.longRate().prompt())
                + "/"
                + Usd.perMillion(p.longRate().cached())
                + "/"
                + Usd.perMillion(p.longRate().completion()),
        more(p),
        dated.where(),
        p.source());
  }

  /** What is not as usual: rates a million tokens, prices of one, factors. */
  private static String more(Price p) {
    List<String> parts = new ArrayList<>();
    Price.Rate r = p.rate();
    part(parts, "image", r.image() == r.prompt() ? "" : Usd.perMillion(r.image()));
    part(parts, "audio", r.audio() == r.prompt() ? "" : Usd.perMillion(r.audio()));
    part(parts, "reasoning", r.reasoning() == r.completion() ? "" : Usd.perMillion(r.reasoning()));
    Extras e = p.extras();
    part(parts, "request", e.request() == 0 ? "" : Usd.text(e.request()));
    new TreeMap<>(e.units()).forEach((unit, ticks) -> part(parts, unit, Usd.text(ticks)));
    part(parts, "batch", factor(e.batch()));
    part(parts, "priority", factor(e.priority()));
    return parts.isEmpty() ? "-" : String.join(" ", parts);
  }

  private static void part(List<String> parts, String name, String value) {
    if (!value.isEmpty()) {
      parts.add(name + "=" + value);
    }
  }

  private static String factor(OptionalLong permille) {
    return permille.isEmpty()
        ? ""
        : BigDecimal.valueOf(permille.getAsLong(), 3).stripTrailingZeros().toPlainString();
  }

  private static Table table() {
    return new Table(
        "MODEL",
        "FROM",
        "UNTIL",
        "INPUT",
        "CACHED",
        "OUTPUT",
        "LONG FROM",
        "LONG RATES",
        "MORE",
        "OF",
        "SOURCE");
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
      Catalogue catalogue = CatalogueLoader.load(CatalogueLoader.Options.STANDARD);
      Map<String, List<Dated>> all = new LinkedHashMap<>();
      put(all, PriceTable.TOOLS, catalogue.tools(), "catalogue");
      catalogue.models().forEach(m -> put(all, m.id(), m.prices(), "catalogue"));
      try (Database database = dataDir.database()) {
        new PriceStore(database, InstantSource.system())
            .all()
            .forEach((model, prices) -> put(all, model, prices, "here"));
      }
      Table table = table();
      all.forEach(
          (model, prices) -> {
            if (only.isEmpty() || model.equals(only)) {
              add(table, model, prices);
            }
          });
      table.print(terminal.out());
      return 0;
    }

    private static void put(
        Map<String, List<Dated>> all, String model, List<Price> prices, String where) {
      prices.forEach(
          p -> all.computeIfAbsent(model, m -> new ArrayList<>()).add(new Dated(p, where)));
    }

    /** Each holds until the next begins; of one moment that of this server wins. */
    private static void add(Table table, String model, List<Dated> prices) {
      prices.sort(Comparator.comparing(d -> d.price().from()));
      for (int i = 0; i < prices.size(); i++) {
        Dated d = prices.get(i);
        String until = i + 1 < prices.size() ? prices.get(i + 1).price().from().toString() : "-";
        PriceCommand.add(table, model, d, until);
      }
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
        description = "Tokens written.")
    private String output = "";

    @Option(names = "--from", paramLabel = "WHEN", description = "Since when (default: now).")
    private @Nullable String from;

    @Option(
        names = "--long-from",
        paramLabel = "N",
        description = "Prompts of so many tokens on cost twice as much, as a whole.")
    private long longFrom;

    @Mixin private final PriceOptions more = new PriceOptions();

    @Option(names = "--source", required = true, paramLabel = "TEXT", description = "Who says so.")
    private String source = "";

    Set(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      String model = model(name).map(Model::id).orElse(name);
      Price.Rate rate =
          more.rate(
              new Price.Rate(
                  perToken("--input", input),
                  perToken("--cached", cached == null ? input : cached),
                  perToken("--output", output)));
      if (longFrom < 0 || source.equals(Price.UNKNOWN)) {
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
              longFrom == 0 ? Price.Rate.FREE : rate.twice(),
              source,
              more.extras());
      try (Database database = dataDir.database()) {
        new PriceStore(database, InstantSource.system()).set(model, price);
      }
      Table table = table();
      add(table, model, new Dated(price, "here"), "-");
      table.print(terminal.out());
      return 0;
    }
  }

  /** Ticks a token, of USD a million. */
  static long perToken(String option, String text) {
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
