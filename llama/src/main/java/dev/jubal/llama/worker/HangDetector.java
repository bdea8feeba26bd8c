package dev.jubal.llama.worker;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Tells a worker that hangs from one that is idle, held up by its clients, or busy with a long
 * step.
 *
 * <p>The decode loop is what is watched: a heartbeat alone shows only that the process is
 * scheduled. Thread-safe; time is nanoTime.
 */
final class HangDetector {
  private static final int PATIENCE_WHILE_COMPUTING = 10;

  /** A worker that gets a fiftieth of a core still computes: the machine may be crowded. */
  private static final int LEAST_SHARE = 50;

  private final Duration watchdog;
  private long heard;
  private long progress;
  private long steps = -1;
  private long checked;
  private long cpuAtProgress = -1;

  HangDetector(Duration watchdog, long now) {
    this.watchdog = watchdog;
    this.heard = now;
    this.progress = now;
    this.checked = now;
  }

  synchronized void heard(long now) {
    heard = now;
  }

  synchronized void progressed(long now) {
    heard = now;
    progress = now;
    cpuAtProgress = -1;
  }

  synchronized void steps(long decodeSteps, long now) {
    heard = now;
    if (decodeSteps != steps) {
      steps = decodeSteps;
      progressed(now);
    }
  }

  /**
   * What is wrong, if anything is.
   *
   * @param asked whether anything is asked of the worker at all, so that silence is wrong
   * @param waiting whether a request waits for the worker, and not the worker for its listener
   * @param cpu processor time of the worker so far in nanoseconds
   */
  synchronized Optional<String> check(long now, boolean asked, boolean waiting, LongSupplier cpu) {
    long limit = watchdog.toNanos();
    boolean suspended = now - checked > limit / 2; // it was this process that stood still
    checked = now;
    if (!asked || suspended) {
      progressed(now);
      return Optional.empty();
    }
    if (now - heard > limit) {
      return Optional.of("gave no sign of life for " + seconds(now - heard));
    }
    if (!waiting) {
      progress = now;
      cpuAtProgress = -1;
      return Optional.empty();
    }
    return stands(now, limit, cpu);
  }

  private Optional<String> stands(long now, long limit, LongSupplier cpu) {
    if (cpuAtProgress < 0) {
      cpuAtProgress = cpu.getAsLong();
    }
    long still = now - progress;
    if (still <= limit) {
      return Optional.empty();
    }
    boolean computing = cpu.getAsLong() - cpuAtProgress > still / LEAST_SHARE;
    return still > limit * PATIENCE_WHILE_COMPUTING || !computing
        ? Optional.of("made no progress for " + seconds(still))
        : Optional.empty();
  }

  private static String seconds(long nanos) {
    return "%.1f s".formatted(nanos / 1e9);
  }
}
