package dev.jubal.platform.http.rates;

import dev.jubal.platform.error.Rates;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@link Rates} in the words of the dialects: {@code x-ratelimit-*} with times like 6m0s and 120ms,
 * as OpenAI writes them, and {@code anthropic-ratelimit-*} with moments.
 */
public final class RateHeaders {
  private static final long MILLI = 1_000_000;

  private RateHeaders() {}

  /** {@code x-ratelimit-limit|remaining|reset-requests|tokens}. */
  public static Map<String, String> openAi(Rates rates) {
    Map<String, String> all = new LinkedHashMap<>();
    rates.requests().ifPresent(r -> openAi("requests", r, all));
    rates.tokens().ifPresent(r -> openAi("tokens", r, all));
    return all;
  }

  private static void openAi(String unit, Rates.Rate rate, Map<String, String> all) {
    all.put("x-ratelimit-limit-" + unit, Long.toString(rate.most()));
    all.put("x-ratelimit-remaining-" + unit, Long.toString(rate.left()));
    all.put("x-ratelimit-reset-" + unit, duration(rate.reset()));
  }

  /** {@code anthropic-ratelimit-requests|tokens-limit|remaining|reset}. */
  public static Map<String, String> anthropic(Rates rates) {
    Map<String, String> all = new LinkedHashMap<>();
    rates.requests().ifPresent(r -> anthropic("requests", r, rates, all));
    rates.tokens().ifPresent(r -> anthropic("tokens", r, rates, all));
    return all;
  }

  private static void anthropic(
      String unit, Rates.Rate rate, Rates rates, Map<String, String> all) {
    String name = "anthropic-ratelimit-" + unit;
    all.put(name + "-limit", Long.toString(rate.most()));
    all.put(name + "-remaining", Long.toString(rate.left()));
    all.put(
        name + "-reset",
        rates
            .at()
            .plus(rate.reset())
            .plusNanos(999_999_999)
            .truncatedTo(ChronoUnit.SECONDS)
            .toString());
  }

  /** Such as 6m0s, 1s or 120ms: below a second in milliseconds, above in seconds, rounded up. */
  static String duration(Duration time) {
    if (time.isZero() || time.isNegative()) {
      return "0s";
    }
    long millis = Math.ceilDiv(time.toNanos(), MILLI);
    if (millis < 1000) {
      return millis + "ms";
    }
    long seconds = Math.ceilDiv(millis, 1000);
    long hours = seconds / 3600;
    long minutes = seconds / 60 % 60;
    String rest = seconds % 60 + "s";
    return hours > 0
        ? hours + "h" + minutes + "m" + rest
        : minutes > 0 ? minutes + "m" + rest : rest;
  }
}
