package dev.jubal.app.cli;

import dev.jubal.account.ledger.Extras;
import dev.jubal.account.ledger.Price;
import dev.jubal.account.ledger.Usage;
import dev.jubal.account.ledger.Usd;
import dev.jubal.platform.config.ConfigException;
import java.math.BigDecimal;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a price that most prices do not need. */
final class PriceOptions {
  @Option(names = "--image", paramLabel = "USD", description = "Of pictures (default: as --input).")
  private @Nullable String image;

  @Option(names = "--audio", paramLabel = "USD", description = "Of sound (default: as --input).")
  private @Nullable String audio;

  @Option(
      names = "--reasoning",
      paramLabel = "USD",
      description = "Of thought (default: as --output).")
  private @Nullable String reasoning;

  @Option(names = "--request", paramLabel = "USD", description = "Each request (default: 0).")
  private String request = "0";

  @Option(
      names = "--unit",
      paramLabel = "NAME=USD",
      description = "One call of a tool (tool:NAME) or piece of media (media:NAME); repeatable.")
  private Map<String, String> units = Map.of();

  @Option(
      names = "--batch",
      paramLabel = "FACTOR",
      description = "Of the price of tokens, where it is served as a batch, such as 0.8.")
  private @Nullable String batch;

  @Option(
      names = "--priority",
      paramLabel = "FACTOR",
      description =
          "Of the price of tokens, where it is served before others, such as 1.5; without it"
              + " nobody is.")
  private @Nullable String priority;

  Price.Rate rate(Price.Rate plain) {
    return new Price.Rate(
        plain.prompt(),
        plain.cached(),
        plain.completion(),
        image == null ? plain.image() : PriceCommand.perToken("--image", image),
        audio == null ? plain.audio() : PriceCommand.perToken("--audio", audio),
        reasoning == null ? plain.reasoning() : PriceCommand.perToken("--reasoning", reasoning));
  }

  Extras extras() {
    Map<String, Long> each = new TreeMap<>();
    units.forEach(
        (name, usd) -> {
          if (!Usage.isUnit(name)) {
            throw new ConfigException(
                "--unit "
                    + name
                    + " (expected: tool:NAME or media:NAME, such as tool:web_search).");
          }
          each.put(name, amount("--unit " + name, usd));
        });
    return new Extras(
        amount("--request", request),
        each,
        permille("--batch", batch),
        permille("--priority", priority));
  }

  private static long amount(String option, String usd) {
    long ticks = Usd.ticks(option, usd);
    if (ticks < 0) {
      throw new ConfigException(option + " " + usd + " (expected: USD, at least 0).");
    }
    return ticks;
  }

  private static OptionalLong permille(String option, @Nullable String factor) {
    if (factor == null) {
      return OptionalLong.empty();
    }
    try {
      long permille = new BigDecimal(factor.strip()).movePointRight(3).longValueExact();
      if (permille >= 0 && permille <= 100_000) {
        return OptionalLong.of(permille);
      }
    } catch (ArithmeticException | NumberFormatException e) {
      // said below
    }
    throw new ConfigException(
        option + " " + factor + " (expected: 0 to 100, with at most 3 decimals).");
  }
}
