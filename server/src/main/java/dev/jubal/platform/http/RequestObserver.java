package dev.jubal.platform.http;

import dev.jubal.platform.trace.Trace;
import dev.jubal.platform.trace.Traces;
import java.time.Duration;
import java.util.Optional;

/** Is told of each request: for metrics, traces and the log. */
@FunctionalInterface
public interface RequestObserver {
  void finished(Finished request);

  /** The head of a request is there; what is returned comes back with its end. */
  default Trace began(Traces.Begun request) {
    return Trace.NONE;
  }

  /** Something was refused that was no request yet, for a reason of one word. */
  default void turnedAway(String reason) {}

  /**
   * A finished request.
   *
   * @param endpoint the route's endpoint, or "none" when no route matched
   * @param status what was sent, or 499 when the client left before the head
   * @param trace as it was begun
   */
  record Finished(
      String requestId,
      Optional<String> clientRequestId,
      String method,
      String endpoint,
      int status,
      Duration duration,
      Trace trace) {}
}
