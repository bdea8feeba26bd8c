package dev.jubal.account.admission;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.error.Limited;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/**
 * A limit that was reached, as it is told to the caller and stands in the ledger.
 *
 * @param name of the limit, such as tokens_per_minute or budget_daily
 * @param scope whose it is, such as "team default" or "key ci"
 * @param most its value
 * @param used how much of it is taken now
 * @param asked how much more was asked for
 * @param unit what is counted, such as tokens, requests or USD
 * @param reset when as much will be free as was asked for, at the latest; empty when never by
 *     itself
 * @param more what would let it pass, such as the next tier; empty when there is nothing
 */
public record Bound(
    String name,
    String scope,
    Figure most,
    Figure used,
    Figure asked,
    String unit,
    Optional<Duration> reset,
    Optional<String> more) {

  /** A number as it is shown. */
  public record Figure(String text) {
    public static Figure of(long whole) {
      return new Figure(Long.toString(whole));
    }

    /** Money, in USD with as many digits as it has. */
    public static Figure ofTicks(long ticks) {
      return new Figure(BigDecimal.valueOf(ticks, 10).stripTrailingZeros().toPlainString());
    }
  }

  /** All of it in one sentence. */
  public String text() {
    return name
        + " of "
        + scope
        + ": "
        + used.text
        + " of "
        + most.text
        + " "
        + unit
        + " are taken, and the request asks for "
        + asked.text
        + reset.map(r -> "; as much is free in " + shown(r)).orElse("")
        + more.map(m -> " (" + m + ")").orElse("")
        + ".";
  }

  private static String shown(Duration reset) {
    long millis = Math.max(1, reset.toMillis());
    return millis < 10_000 ? millis + " ms" : (millis + 999) / 1000 + " s";
  }

  /** The refusal of money that is used up: to try again does not help. */
  public ApiException usedUp() {
    return ApiException.limited(
        ErrorCode.INSUFFICIENT_QUOTA, text(), null, new Limited(label(), false, Optional.empty()));
  }

  /** Its name and whose it is, as the ledger keeps it. */
  public String label() {
    return name + ":" + scope;
  }
}
