package dev.jubal.api.management;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;

/** Moments as text. */
final class Times {
  private Times() {}

  static String text(Instant at) {
    return at.truncatedTo(ChronoUnit.MILLIS).toString();
  }

  /**
   * Reads a moment.
   *
   * @throws ApiException 400 that names the field
   */
  static Instant read(String field, String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          field,
          field + ": \"" + text + "\" (expected: a time in RFC 3339, as 2027-01-31T12:00:00Z).");
    }
  }
}
