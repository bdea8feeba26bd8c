package dev.jubal.bench.load;

import java.util.Arrays;

/** Times in nanoseconds, all of them kept: a run has a few hundred thousand at most. */
public final class Samples {
  private long[] values = new long[1024];
  private int size;

  public void add(long nanos) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = nanos;
  }

  public int size() {
    return size;
  }

  /** The percentiles now. */
  public Spread spread() {
    if (size == 0) {
      return Spread.NONE;
    }
    long[] sorted = Arrays.copyOf(values, size);
    Arrays.sort(sorted);
    return new Spread(at(sorted, 0.50), at(sorted, 0.90), at(sorted, 0.99), at(sorted, 1));
  }

  private static double at(long[] sorted, double share) {
    int index = (int) Math.ceil(share * sorted.length) - 1;
    return sorted[Math.clamp(index, 0, sorted.length - 1)] / 1000.0;
  }
}
