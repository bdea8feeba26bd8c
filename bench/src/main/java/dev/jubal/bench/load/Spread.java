package dev.jubal.bench.load;

/** Percentiles of a set of times in microseconds; all 0 for an empty set. */
public record Spread(double p50, double p90, double p99, double max) {
  public static final Spread NONE = new Spread(0, 0, 0, 0);
}
