package dev.jubal.account.admission;

import dev.jubal.platform.error.Rates;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a caller stands against what limits it the most.
 *
 * @param requests how many requests a window
 * @param tokens how many tokens a window
 */
public record Standing(Optional<Rate> requests, Optional<Rate> tokens) {
  /**
   * One limit.
   *
   * @param most its value
   * @param left what of it is free, with this request taken
   * @param reset until all of it is free again
   */
  public record Rate(long most, long left, Duration reset) {
    private Rates.Rate rate() {
      return new Rates.Rate(most, left, reset);
    }
  }

  /** The same, as it was at a moment, for the headers of an answer. */
  public Rates at(Instant moment) {
    return new Rates(moment, requests.map(Rate::rate), tokens.map(Rate::rate));
  }
}
