package dev.jubal.platform.http.edge;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The memory and the time of all bodies that are not there yet. Thread-safe. */
public final class Intake {
  private static final Duration SOON = Duration.ofSeconds(1);

  private final IntakeConfig config;
  private final Consumer<String> refused;
  private final long room;
  private final AtomicLong used = new AtomicLong();

  /**
   * The intake of a server.
   *
   * @param refused is told in one word why a body was given up
   */
  public Intake(IntakeConfig config, Consumer<String> refused) {
    this.config = config;
    this.refused = refused;
    this.room = config.room();
  }

  /** Bytes of unfinished bodies now. */
  public long used() {
    return used.get();
  }

  /**
   * A body begins.
   *
   * @param loop reads it, and keeps its time
   * @param givenUp is told once, by that loop, when it takes too long
   */
  public Arrival begin(EventExecutor loop, Consumer<ApiException> givenUp) {
    return new Arrival(loop, givenUp);
  }

  /** One body on its way. All of it but {@link #end} is for its loop alone. */
  public final class Arrival {
    private final EventExecutor loop;
    private final Consumer<ApiException> givenUp;
    private final long start = System.nanoTime();
    private final AtomicLong taken = new AtomicLong();
    private long last = start;
    private boolean ended;
    private @Nullable ScheduledFuture<?> timer;

    private Arrival(EventExecutor loop, Consumer<ApiException> givenUp) {
      this.loop = loop;
      this.givenUp = givenUp;
      watch(start);
    }

    private void watch(long now) {
      long silence = last + config.bodyIdle().toNanos() - now;
      long whole = start + config.bodyTimeout().toNanos() - now;
      long next = Math.max(1, Math.min(silence, whole));
      timer = loop.schedule(this::check, next, TimeUnit.NANOSECONDS);
    }

    private void check() {
      if (ended) {
        return;
      }
      long now = System.nanoTime();
      if (now - start >= config.bodyTimeout().toNanos()) {
        giveUp("body_timeout", "was not there within", "body-timeout", config.bodyTimeout());
      } else if (now - last >= config.bodyIdle().toNanos()) {
        giveUp("body_idle", "stood still for", "body-idle", config.bodyIdle());
      } else {
        watch(now);
      }
    }

    private void giveUp(String why, String what, String key, Duration limit) {
      end();
      refused.accept(why);
      givenUp.accept(
          new ApiException(
              ErrorCode.REQUEST_TIMEOUT,
              "The body %s %d ms (expected: less, by server.intake.%s)."
                  .formatted(what, limit.toMillis(), key)));
    }

    /** Bytes came. */
    public void progress() {
      last = System.nanoTime();
    }

    /**
     * Takes memory for bytes that are kept.
     *
     * @throws ApiException 503 when the bodies of all connections have taken all there is
     */
    public void take(long bytes) {
      if (used.addAndGet(bytes) > room) {
        used.addAndGet(-bytes);
        refused.accept("memory");
        throw ApiException.retry(
            ErrorCode.SERVICE_UNAVAILABLE,
            "Too many bodies arrive at once (expected: at most "
                + room
                + " bytes of them, by server.intake.unfinished).",
            SOON);
      }
      taken.addAndGet(bytes);
    }

    /** It is there, or nobody waits for it any longer: its memory is another's concern. */
    public void end() {
      used.addAndGet(-taken.getAndSet(0));
      if (!loop.inEventLoop()) {
        loop.execute(this::end);
        return;
      }
      ended = true;
      ScheduledFuture<?> pending = timer;
      if (pending != null) {
        pending.cancel(false);
      }
    }
  }
}
