package dev.jubal.account.budget;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;

/**
 * The time in which a budget counts, UTC. A request counts in the window it was admitted in, also
 * when it ends in the next one.
 */
public enum Window {
  DAILY,
  MONTHLY,
  TOTAL,
  /** As TOTAL; the amount is what was paid in before. */
  PREPAID;

  /** When the window of a moment began. */
  public Instant start(Instant at) {
    return switch (this) {
      case DAILY -> day(at).atStartOfDay(ZoneOffset.UTC).toInstant();
      case MONTHLY -> Months.start(Months.of(at));
      case TOTAL, PREPAID -> Instant.EPOCH;
    };
  }

  /** When the window of a moment ends; empty for those that do not. */
  public Optional<Instant> end(Instant at) {
    return switch (this) {
      case DAILY -> Optional.of(day(at).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
      case MONTHLY -> Optional.of(Months.end(Months.of(at)));
      case TOTAL, PREPAID -> Optional.empty();
    };
  }

  /** As it is stored and written. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static LocalDate day(Instant at) {
    return at.atOffset(ZoneOffset.UTC).toLocalDate();
  }
}
