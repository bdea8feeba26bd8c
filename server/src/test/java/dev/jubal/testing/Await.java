package dev.jubal.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition that another thread or process makes true. */
public final class Await {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final long OFTEN_NANOS = 2_000_000;
  private static final long SELDOM_NANOS = 20_000_000;

  private Await() {}

  /** Returns when the condition holds; fails with {@code what} after twenty seconds. */
  public static void until(String what, BooleanSupplier condition) {
    until(LIMIT, OFTEN_NANOS, what, condition);
  }

  /** The same with another limit, for what takes long: it looks less often. */
  public static void until(Duration limit, String what, BooleanSupplier condition) {
    until(limit, SELDOM_NANOS, what, condition);
  }

  private static void until(
      Duration limit, long betweenNanos, String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + limit.toSeconds() + " s: " + what);
      }
      LockSupport.parkNanos(betweenNanos);
    }
  }
}
