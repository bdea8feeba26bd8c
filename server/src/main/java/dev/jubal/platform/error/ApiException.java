package dev.jubal.platform.error;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The only exception a feature throws: a row of the catalogue, a message that holds the offending
 * value and what was expected, and the field it is about.
 */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final @Nullable String param;
  private final @Nullable Duration retryAfter;
  private final transient @Nullable Limited limited;

  public ApiException(ErrorCode code, String message) {
    this(code, message, null, null, null);
  }

  public ApiException(
      ErrorCode code,
      String message,
      @Nullable String param,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause) {
    this(code, message, param, retryAfter, cause, null);
  }

  private ApiException(
      ErrorCode code,
      String message,
      @Nullable String param,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause,
      @Nullable Limited limited) {
    super(message, cause, false, cause != null);
    this.code = code;
    this.param = param;
    this.retryAfter = retryAfter;
    this.limited = limited;
  }

  /** An error about one field of the request. */
  public static ApiException of(ErrorCode code, String param, String message) {
    return new ApiException(code, message, param, null, null);
  }

  /** An error that passes by itself after a while. */
  public static ApiException retry(ErrorCode code, String message, Duration after) {
    return new ApiException(code, message, null, after, null);
  }

  /** Something cannot be had now, and can in a moment. */
  public static ApiException unavailable(String message, Throwable cause) {
    return new ApiException(
        ErrorCode.SERVICE_UNAVAILABLE, message, null, Duration.ofSeconds(1), cause);
  }

  /**
   * The refusal of a limit.
   *
   * @param after when to try again at the earliest, null when trying again does not help
   */
  public static ApiException limited(
      ErrorCode code, String message, @Nullable Duration after, Limited limited) {
    return new ApiException(code, message, null, after, null, limited);
  }

  public ErrorCode code() {
    return code;
  }

  /** The text for the client. */
  public String text() {
    return String.valueOf(getMessage());
  }

  /** The field of the request the error is about, such as {@code messages[0].content}. */
  public Optional<String> param() {
    return Optional.ofNullable(param);
  }

  /** When to try again, at the earliest. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** The limit that refused, where one did. */
  public Optional<Limited> limited() {
    return Optional.ofNullable(limited);
  }
}
