package dev.jubal.platform.http;

import java.time.Duration;
import java.util.Optional;

/** Is told of each finished request: for metrics and the access log. */
@FunctionalInterface
public interface RequestObserver {
  void finished(Finished request);

  /** Something was refused that was no request yet, for a reason of one word. */
  default void turnedAway(String reason) {}

  /**
   * A finished request.
   *
   * @param endpoint the route's endpoint, or "none" when no route matched
   * @param status what was sent, or 499 when the client left before the head
   */
  record Finished(
      String requestId,
      Optional<String> clientRequestId,
      String method,
      String endpoint,
      int status,
      Duration duration) {}
}
