package dev.jubal.platform.error;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a caller stands against the limits that leave it the least, for the headers of an answer.
 *
 * @param at when it asked
 * @param requests how many requests a window
 * @param tokens how many tokens a window
 */
public record Rates(Instant at, Optional<Rate> requests, Optional<Rate> tokens) {
  /**
   * One limit.
   *
   * @param most its value
   * @param left what of it is free
   * @param reset until all of it is free again
   */
  public record Rate(long most, long left, Duration reset) {}
}
