package dev.jubal.api;

import dev.jubal.inference.work.Order;
import dev.jubal.platform.config.Durations;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.http.Call;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a client asked about losing its connection, by the headers of its request.
 *
 * @param name its {@code Idempotency-Key}: the same request again is the same work
 * @param grace its {@code x-jubal-resumable}: how long the work goes on after it left
 * @param after its {@code Last-Event-ID}: it has had the events up to that one
 */
record Resumption(Optional<Order.Replay> name, Optional<Duration> grace, Optional<Place> after) {
  private static final Duration MOST_GRACE = Duration.ofHours(1);
  private static final Pattern NAME = Pattern.compile("[\\x21-\\x7e]{1,255}");
  private static final Pattern PLACE = Pattern.compile("([0-9A-Za-z-]{1,64}):(\\d{1,9})");

  /** An event of some work; events count from 0. */
  record Place(String work, int n) {}

  /**
   * Reads the headers; empty when the client asked for nothing.
   *
   * @throws ApiException INVALID_VALUE that names the header
   */
  static Optional<Resumption> of(Call call) {
    Optional<Order.Replay> name = call.header("idempotency-key").map(Resumption::name);
    Optional<Duration> grace = call.header("x-jubal-resumable").map(Resumption::grace);
    Optional<Place> after =
        call.header("last-event-id").filter(h -> !h.isBlank()).map(Resumption::place);
    return name.isEmpty() && grace.isEmpty() && after.isEmpty()
        ? Optional.empty()
        : Optional.of(new Resumption(name, grace, after));
  }

  private static Order.Replay name(String value) {
    if (!NAME.matcher(value).matches()) {
      throw wrong("Idempotency-Key", value, "1 to 255 visible ASCII characters");
    }
    return new Order.Replay(value);
  }

  private static Duration grace(String value) {
    String expected = "a duration such as 60s, at most 1h";
    try {
      Duration grace = Durations.parse(value.strip());
      if (grace.compareTo(MOST_GRACE) <= 0) {
        return grace;
      }
    } catch (IllegalArgumentException e) {
      throw wrong("x-jubal-resumable", value, expected);
    }
    throw wrong("x-jubal-resumable", value, expected);
  }

  private static Place place(String value) {
    Matcher m = PLACE.matcher(value.strip());
    if (!m.matches()) {
      throw wrong("Last-Event-ID", value, "the id of an event of an earlier answer, ID:NUMBER");
    }
    return new Place(m.group(1), Integer.parseInt(m.group(2)));
  }

  private static ApiException wrong(String header, String value, String expected) {
    String shown = value.length() > 80 ? value.substring(0, 80) + "..." : value;
    return ApiException.of(
        ErrorCode.INVALID_VALUE,
        header,
        header + ": \"" + shown + "\" (expected: " + expected + ").");
  }
}
