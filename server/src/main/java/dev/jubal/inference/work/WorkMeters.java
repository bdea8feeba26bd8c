package dev.jubal.inference.work;

import dev.jubal.platform.metrics.ServerMetrics;
import java.time.Duration;

/** Counts work. Thread-safe. */
final class WorkMeters {
  private final ServerMetrics metrics;

  WorkMeters(ServerMetrics metrics) {
    this.metrics = metrics;
  }

  void attempt(WorkKind kind) {
    metrics.add(
        "jubal.work.attempts",
        "Attempts at work that outlives its client.",
        1,
        "kind",
        kind.label());
  }

  void ended(Work work) {
    Duration took = Duration.between(work.created(), work.ended().orElse(work.created()));
    metrics.time(
        "jubal.work",
        "Work that outlives its client, from its order to its end.",
        took.isNegative() ? Duration.ZERO : took, // the clock was set back
        "kind",
        work.kind().label(),
        "state",
        work.state().label());
  }

  void refused() {
    metrics.add(
        "jubal.work.refused", "Requests refused as too much work of their team was open.", 1);
  }

  void replayed(WorkKind kind) {
    metrics.add(
        "jubal.work.replays",
        "Requests that were answered by earlier work of the same name.",
        1,
        "kind",
        kind.label());
  }
}
