package dev.jubal.bench.quality;

/** A mean and where it lies with 95 % confidence, by the normal approximation. */
record Interval(double mean, double low, double high) {
  private static final double Z = 1.96;

  /** Of the differences of pairs. */
  static Interval ofDifference(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] - b[i];
    }
    double mean = sum / a.length;
    double squares = 0;
    for (int i = 0; i < a.length; i++) {
      double off = a[i] - b[i] - mean;
      squares += off * off;
    }
    double half = Z * Math.sqrt(squares / (a.length - 1) / a.length);
    return new Interval(mean, mean - half, mean + half);
  }
}
