package dev.jubal.platform.http;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Ticks for open streams; the work of a tick runs on a virtual thread since it may block. */
record HeartbeatTimer(ScheduledExecutorService clock, Executor threads, Duration interval) {
  ScheduledFuture<?> every(Runnable tick) {
    long nanos = interval.toNanos();
    return clock.scheduleAtFixedRate(
        () -> threads.execute(tick), nanos, nanos, TimeUnit.NANOSECONDS);
  }
}
