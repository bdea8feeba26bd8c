package dev.jubal.platform.json;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;

/** Moments as text on the wire. */
public final class Times {
  private Times() {}

  /** In RFC 3339, to the millisecond. */
  public static String text(Instant at) {
    return at.truncatedTo(ChronoUnit.MILLIS).toString();
  }

  /**
   * Reads a moment in RFC 3339.
   *
   * @throws ApiException 400 that names the field
   */
  public static Instant read(String field, String text) {
    try {
      OffsetDateTime time = OffsetDateTime.parse(text);
      // RFC 3339 has four digits for a year; a database has no microseconds for some of more.
      if (time.getYear() >= 0 && time.getYear() <= 9999) {
        return time.toInstant();
      }
    } catch (DateTimeException e) {
      // said below
    }
    throw ApiException.of(
        ErrorCode.INVALID_VALUE,
        field,
        field + ": \"" + text + "\" (expected: a time in RFC 3339, as 2027-01-31T12:00:00Z).");
  }
}
