package dev.jubal.bench.reference;

import dev.jubal.bench.engine.Run;
import dev.jubal.bench.report.Medians;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Runs of one contestant on loads of one kind, and their medians. */
final class Median {
  private final List<Run> runs = new ArrayList<>();

  void add(Run run) {
    runs.add(run);
  }

  /** Tokens a second over a whole run, prefill included. */
  double perSecond() {
    return of(runs, Run::perSecond);
  }

  /** Milliseconds to the first token of a stream in the middle. */
  double firstMillis() {
    return of(runs, Run::firstMillis);
  }

  double cpuMillisPerToken() {
    return of(runs, Run::cpuMillisPerToken);
  }

  /** Milliseconds from one token of a stream to the next, while all streams are answered. */
  double millisPerStep() {
    return of(runs, run -> 1000.0 * run.firstNanos().length / run.decodePerSecond());
  }

  static <T> double of(List<T> values, ToDoubleFunction<T> figure) {
    return Medians.of(values.stream().mapToDouble(figure).toArray());
  }
}
