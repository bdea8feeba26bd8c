package dev.jubal.bench.server;

import dev.jubal.bench.load.LoadResult;
import dev.jubal.bench.load.Spread;
import dev.jubal.bench.report.Medians;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Rounds of the same load, on the server and on the bare handler in turn. */
record Contest(List<Round> rounds) {

  /** One turn of each, next to each other in time. */
  record Round(LoadResult ours, LoadResult bare) {}

  /** The median over the rounds of a figure of our server. */
  double ours(Function<LoadResult, Spread> times, ToDoubleFunction<Spread> percentile) {
    return Medians.of(
        rounds.stream().mapToDouble(r -> percentile.applyAsDouble(times.apply(r.ours))).toArray());
  }

  /** The median over the rounds of what our server adds to the bare handler's figure. */
  double added(Function<LoadResult, Spread> times, ToDoubleFunction<Spread> percentile) {
    return Medians.of(
        rounds.stream()
            .mapToDouble(
                r ->
                    percentile.applyAsDouble(times.apply(r.ours))
                        - percentile.applyAsDouble(times.apply(r.bare)))
            .toArray());
  }
}
