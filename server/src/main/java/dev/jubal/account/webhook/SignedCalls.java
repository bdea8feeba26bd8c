package dev.jubal.account.webhook;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.net.FetchFailure;
import dev.jubal.platform.net.PublicHttp;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Makes one signed call in the form of Standard Webhooks. Thread-safe; blocks. */
public final class SignedCalls {
  /** The time for one call. */
  public static final Duration WITHIN = Duration.ofSeconds(10);

  /** Waits after a call that failed; Standard Webhooks recommends such a row. */
  private static final List<Duration> WAITS =
      List.of(
          Duration.ofSeconds(5),
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Duration.ofHours(2),
          Duration.ofHours(5),
          Duration.ofHours(10));

  private static final int GONE = 410;

  private final WebhookSecrets secrets;
  private final PublicHttp http;
  private final InstantSource now;

  public SignedCalls(WebhookSecrets secrets, PublicHttp http, InstantSource now) {
    this.secrets = secrets;
    this.http = http;
    this.now = now;
  }

  /** How a call ended. */
  public enum Outcome {
    DELIVERED,
    /** The receiver wants no more of them. */
    GONE,
    /** The team has no secret. */
    UNSIGNED,
    /** To be tried again. */
    FAILED;

    /** As it is stored and shown. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A call that was made.
   *
   * @param detail why, in one phrase that holds nothing of the address
   */
  public record Result(Outcome outcome, String detail) {}

  /** How long to wait after so many calls in vain; empty when it was the last one. */
  public static Optional<Duration> pause(int failed) {
    return failed > WAITS.size() ? Optional.empty() : Optional.of(WAITS.get(failed - 1));
  }

  /**
   * Judges an address without calling it.
   *
   * @param field what the address came in, for errors
   * @throws ApiException 400 when the team has no secret, or the address may not be called now
   */
  public void check(String team, String url, String field) {
    if (secrets.keys(team).isEmpty()) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          field,
          field
              + ": the team has no secret to sign with (expected: one made with: jubal team"
              + " webhook-secret TEAM).");
    }
    try {
      http.check(url, WITHIN);
    } catch (FetchFailure e) {
      throw ApiException.of(ErrorCode.INVALID_VALUE, field, field + ": " + e.text() + ".");
    }
  }

  /**
   * Calls.
   *
   * @param id what receivers tell repetitions by
   */
  public Result call(String team, String url, String id, byte[] body) {
    List<byte[]> keys = secrets.keys(team);
    if (keys.isEmpty()) {
      return new Result(Outcome.UNSIGNED, "the team has no secret to sign with");
    }
    try {
      int status =
          http.post(url, WebhookSignature.headers(id, now.instant(), body, keys), body, WITHIN);
      return new Result(outcome(status), "it answered " + status);
    } catch (FetchFailure e) {
      return new Result(Outcome.FAILED, e.text());
    }
  }

  private static Outcome outcome(int status) {
    return status / 100 == 2 ? Outcome.DELIVERED : status == GONE ? Outcome.GONE : Outcome.FAILED;
  }
}
