package dev.jubal.bench.load;

/** Counts and times of a run. Confined to its thread. */
final class Tally {
  private static final long LATE = 100_000_000L;

  private final int scheduled;
  private final double eventNanos;
  private final Samples latency = new Samples();
  private final Samples first = new Samples();
  private final Samples late = new Samples();
  private final Samples drift = new Samples();
  private final long start = System.nanoTime();
  private long lastAnswer = start;
  private long sent;
  private long answered;
  private long events;
  private long fewest = Long.MAX_VALUE;
  private long unfinished;
  private long lateOver100;
  private boolean overlapped = true;
  private String failure = "";

  /** A tally of answers whose first {@code scheduled} events are {@code eventMillis} apart. */
  Tally(int scheduled, double eventMillis) {
    this.scheduled = scheduled;
    this.eventNanos = eventMillis * 1e6;
  }

  void sent() {
    sent++;
  }

  /** An answer began while requests of the burst were still being sent. */
  void notOverlapped() {
    overlapped = false;
  }

  void failed(String why) {
    if (failure.isEmpty()) {
      failure = why;
    }
  }

  /** A whole answer. */
  void answered(Connection connection, long now) {
    AnswerReader answer = connection.answer();
    if (answer.status() != 200) {
      failed("status " + answer.status());
      return;
    }
    answered++;
    lastAnswer = now;
    latency.add(now - connection.due());
    first.add(answer.firstAt() - connection.due());
    if (answer.stream()) {
      stream(answer, connection.due());
    }
  }

  private void stream(AnswerReader answer, long due) {
    int n = answer.events();
    events += n;
    fewest = Math.min(fewest, n);
    if (!answer.done()) {
      unfinished++;
    }
    schedule(answer, Math.min(n, scheduled), due);
  }

  private void schedule(AnswerReader answer, int n, long due) {
    double earliest = Double.MAX_VALUE;
    for (int i = 0; i < n; i++) {
      earliest = Math.min(earliest, answer.eventAt(i) - i * eventNanos);
    }
    for (int i = 0; i < n; i++) {
      double place = answer.eventAt(i) - i * eventNanos;
      long behind = (long) (place - earliest);
      late.add(behind);
      drift.add((long) (place - due));
      if (behind > LATE) {
        lateOver100++;
      }
    }
  }

  LoadResult result() {
    return new LoadResult(
        sent,
        answered,
        sent - answered,
        (lastAnswer - start) / 1e9,
        latency.spread(),
        first.spread(),
        late.spread(),
        drift.spread(),
        events,
        answered == 0 || fewest == Long.MAX_VALUE ? 0 : fewest,
        unfinished,
        lateOver100,
        overlapped,
        failure);
  }
}
