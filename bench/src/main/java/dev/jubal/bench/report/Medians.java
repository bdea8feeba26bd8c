package dev.jubal.bench.report;

import java.util.Arrays;

/** The figure in the middle of many rounds. */
public final class Medians {
  private Medians() {}

  /** Of at least one value, which are left as they are; of an even number the middle of two. */
  public static double of(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
