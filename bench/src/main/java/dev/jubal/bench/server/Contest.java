package dev.jubal.bench.server;

import dev.jubal.bench.load.LoadResult;
import dev.jubal.bench.load.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Rounds of the same load, on the server and on the bare handler in turn. */
record Contest(List<Round> rounds) {

  /** One turn of each, next to each other in time. */
  record Round(LoadResult ours, LoadResult bare) {}

  /** The median over the rounds of a figure of our server. */
  double ours(Function<LoadResult, Spread> times, ToDoubleFunction<Spread> percentile) {
    return median(rounds.stream().map(r -> percentile.applyAsDouble(times.apply(r.ours))).toList());
  }

  /** The median over the rounds of what our server adds to the bare handler's figure. */
  double added(Function<LoadResult, Spread> times, ToDoubleFunction<Spread> percentile) {
    return median(
        rounds.stream()
            .map(
                r ->
                    percentile.applyAsDouble(times.apply(r.ours))
                        - percentile.applyAsDouble(times.apply(r.bare)))
            .toList());
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    sorted.sort(null);
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
