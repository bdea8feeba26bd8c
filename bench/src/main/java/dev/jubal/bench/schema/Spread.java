package dev.jubal.bench.schema;

import java.util.Arrays;
import java.util.Locale;

/** A series of figures and where their middle and their ends are. */
final class Spread {
  private double[] figures = new double[1024];
  private int count;

  void add(double figure) {
    if (count == figures.length) {
      figures = Arrays.copyOf(figures, count * 2);
    }
    figures[count++] = figure;
  }

  int count() {
    return count;
  }

  /** The figure that a share of all does not pass; 0 if there is none. */
  double at(double share) {
    if (count == 0) {
      return 0;
    }
    double[] sorted = Arrays.copyOf(figures, count);
    Arrays.sort(sorted);
    return sorted[(int) Math.min(count - 1, Math.floor(share * count))];
  }

  String markdown(String name, String unit) {
    return String.format(
        Locale.ROOT,
        "| %s, %s | %d | %.2f | %.2f | %.2f | %.2f |",
        name,
        unit,
        count,
        at(0.5),
        at(0.9),
        at(0.99),
        at(1));
  }
}
