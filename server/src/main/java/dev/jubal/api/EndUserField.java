package dev.jubal.api;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The client's own end user, whom limits, budgets and the ledger know by that name, and its
 * likeness for matters of safety: at most {@value #MOST} characters in every dialect, and none of
 * them U+0000.
 */
public final class EndUserField {
  private static final int MOST = 512;

  private EndUserField() {}

  /**
   * An end user; empty without one.
   *
   * @param field its name in the request
   * @throws ApiException 400 for one that is too long, or no text
   */
  public static Optional<String> of(String field, @Nullable String value) {
    check(field, value);
    return Optional.ofNullable(value).filter(v -> !v.isEmpty());
  }

  /** The same, where nothing is made of it. */
  public static void check(String field, @Nullable String value) {
    if (value != null && value.indexOf('\0') >= 0) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          field,
          field + ": has the character U+0000 (expected: none, as no text of a database has it).");
    }
    if (value != null && value.length() > MOST) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          field,
          field
              + ": \""
              + value.substring(0, 32)
              + "...\" has "
              + value.length()
              + " characters (expected: at most "
              + MOST
              + ").");
    }
  }

  /**
   * The end user of a request that has two fields for one: {@code user}, or else {@code
   * safety_identifier}.
   *
   * @throws ApiException as {@link #of}
   */
  public static Optional<String> ofEither(
      @Nullable String user, @Nullable String safetyIdentifier) {
    return of("user", user).or(() -> of("safety_identifier", safetyIdentifier));
  }
}
