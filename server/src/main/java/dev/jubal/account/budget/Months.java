package dev.jubal.account.budget;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;

/** Months of UTC, which credits and bills are of. */
public final class Months {
  private Months() {}

  /** That of a moment. */
  public static YearMonth of(Instant at) {
    return YearMonth.from(at.atOffset(ZoneOffset.UTC));
  }

  /** When one begins. */
  public static Instant start(YearMonth month) {
    return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  /** When one is over. */
  public static Instant end(YearMonth month) {
    return start(month.plusMonths(1));
  }
}
