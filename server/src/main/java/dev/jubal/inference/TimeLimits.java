package dev.jubal.inference;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.time.Cancellation;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches the clock of one request and cancels it when a limit passes: first token, counted from
 * the slot; each further token; the whole.
 *
 * <p>One timer re-arms itself against the time of the last event, so that a token costs no
 * scheduling. The time a slow client takes to swallow an event does not count as silence of the
 * backend.
 */
final class TimeLimits implements EventSink, AutoCloseable {
  private final TimeoutConfig config;
  private final EventSink next;
  private final Cancellation cancel;
  private final ScheduledExecutorService clock;
  private final ScheduledFuture<?> total;
  private volatile long quietSince;
  private volatile boolean delivering;
  private volatile boolean textSeen;
  private volatile boolean closed;
  private volatile @Nullable ScheduledFuture<?> watch;

  TimeLimits(
      TimeoutConfig config, EventSink next, Cancellation cancel, ScheduledExecutorService clock) {
    this.config = config;
    this.next = next;
    this.cancel = cancel;
    this.clock = clock;
    this.total =
        clock.schedule(
            () -> expire(ErrorCode.TOTAL_TIMEOUT, "timeouts.total", config.total()),
            config.total().toNanos(),
            TimeUnit.NANOSECONDS);
  }

  @Override
  public void accept(GenerationEvent event) {
    delivering = true;
    try {
      next.accept(event);
    } finally {
      quietSince = System.nanoTime();
      delivering = false;
    }
    if (event instanceof GenerationEvent.ReasoningDelta
        || event instanceof GenerationEvent.TextDelta
        || event instanceof GenerationEvent.CallArguments) {
      textSeen = true;
    }
    if (event instanceof GenerationEvent.Started && watch == null) {
      arm(Math.min(config.firstToken().toNanos(), config.idle().toNanos()));
    }
  }

  private void arm(long nanos) {
    if (!closed) {
      watch = clock.schedule(this::look, Math.max(nanos, 1_000_000), TimeUnit.NANOSECONDS);
    }
  }

  private void look() {
    Duration limit = textSeen ? config.idle() : config.firstToken();
    long left = limit.toNanos() - (delivering ? 0 : System.nanoTime() - quietSince);
    if (left > 0) {
      arm(left);
    } else if (textSeen) {
      expire(ErrorCode.IDLE_TIMEOUT, "timeouts.idle", limit);
    } else {
      expire(ErrorCode.FIRST_TOKEN_TIMEOUT, "timeouts.first-token", limit);
    }
  }

  private void expire(ErrorCode code, String key, Duration limit) {
    cancel.cancel(
        new ApiException(
            code, code.meaning() + " " + key + " is " + limit.toMillis() / 1000.0 + " s."));
  }

  @Override
  public void close() {
    closed = true;
    total.cancel(false);
    ScheduledFuture<?> armed = watch;
    if (armed != null) {
      armed.cancel(false);
    }
  }
}
