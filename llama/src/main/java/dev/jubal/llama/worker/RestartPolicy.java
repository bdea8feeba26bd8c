package dev.jubal.llama.worker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;

/** How long to wait before a crashed worker is replaced. Not thread-safe; time is nanoTime. */
final class RestartPolicy {
  private static final Duration FIRST_WAIT = Duration.ofMillis(200);

  private final WorkerSettings settings;
  private final ArrayDeque<Long> crashes = new ArrayDeque<>();

  RestartPolicy(WorkerSettings settings) {
    this.settings = settings;
  }

  /** The wait after this crash: none, then ever longer; empty after one crash too many. */
  Optional<Duration> crashed(long now) {
    crashes.addLast(now);
    forget(now);
    int count = crashes.size();
    if (count > settings.crashes()) {
      return Optional.empty();
    }
    return Optional.of(
        count == 1 ? Duration.ZERO : FIRST_WAIT.multipliedBy(1L << Math.min(count - 2, 6)));
  }

  /** Starts afresh after the cool-down, with one crash left before the next one. */
  void cooled() {
    while (crashes.size() > Math.max(0, settings.crashes() - 1)) {
      crashes.removeFirst();
    }
  }

  private void forget(long now) {
    long window = settings.crashWindow().toNanos();
    while (!crashes.isEmpty() && now - crashes.getFirst() > window) {
      crashes.removeFirst();
    }
  }
}
