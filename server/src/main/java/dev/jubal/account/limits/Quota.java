package dev.jubal.account.limits;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What can be limited. Windows slide: the limit holds for every stretch of that length, wherever it
 * begins.
 */
public enum Quota {
  REQUESTS_PER_SECOND("requests", Duration.ofSeconds(1), 50),
  REQUESTS_PER_MINUTE("requests", Duration.ofMinutes(1), 60),
  REQUESTS_PER_DAY("requests", Duration.ofDays(1), 288),
  TOKENS_PER_MINUTE("tokens", Duration.ofMinutes(1), 60),
  TOKENS_PER_DAY("tokens", Duration.ofDays(1), 288),
  /** Requests that are admitted and not settled. */
  CONCURRENT_REQUESTS("requests", Duration.ZERO, 0);

  private final String unit;
  private final Duration window;
  private final int slots;

  Quota(String unit, Duration window, int slots) {
    this.unit = unit;
    this.window = window;
    this.slots = slots;
  }

  /** Its name as it is stored and shown, such as tokens_per_minute. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The one of a name.
   *
   * @throws IllegalArgumentException with the names there are
   */
  public static Quota of(String id) {
    return Arrays.stream(values())
        .filter(q -> q.id().equals(id))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("\"" + id + "\" (expected: one of " + ids() + ")"));
  }

  private static String ids() {
    return Arrays.stream(values()).map(Quota::id).collect(Collectors.joining(", "));
  }

  /** What is counted: requests or tokens. */
  public String unit() {
    return unit;
  }

  boolean tokens() {
    return unit.equals("tokens");
  }

  /** Over which time; empty for what is counted while it lasts. */
  Optional<Duration> window() {
    return window.isZero() ? Optional.empty() : Optional.of(window);
  }

  /** A window with nothing in it. */
  SlidingWindow empty() {
    return new SlidingWindow(window.toNanos(), slots);
  }
}
