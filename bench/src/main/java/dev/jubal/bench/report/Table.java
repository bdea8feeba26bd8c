package dev.jubal.bench.report;

import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Figures beside their baseline, one a line. */
public final class Table {
  private static final String FORMAT = "%-44s %12s %12s %-7s %7s  %-10s %s%n";

  private Table() {}

  /** Prints the figures of a suite. */
  public static void print(Report report, Baseline baseline, PrintStream out) {
    out.printf(Locale.ROOT, FORMAT, "metric", "baseline", "now", "unit", "ratio", "target", "");
    List<Metric> metrics = report.metrics();
    for (Metric m : metrics) {
      OptionalDouble before = baseline.value(m.name());
      boolean comparable = before.isPresent() && before.getAsDouble() != 0;
      out.printf(
          Locale.ROOT,
          FORMAT,
          m.name(),
          before.isPresent() ? number(before.getAsDouble()) : "-",
          number(m.value()),
          m.unit(),
          comparable ? String.format(Locale.ROOT, "%.2f", m.value() / before.getAsDouble()) : "-",
          m.targetText(),
          m.target().isEmpty() ? "" : m.passes() ? "pass" : "FAIL");
    }
    out.println();
  }

  /** Three digits that count, without an exponent. */
  static String number(double value) {
    return BigDecimal.valueOf(rounded(value)).stripTrailingZeros().toPlainString();
  }

  static double rounded(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("figure: " + value + " (expected: a number)");
    }
    if (Math.abs(value) >= 1000) {
      return Math.rint(value);
    }
    return new BigDecimal(value).round(new MathContext(3)).doubleValue();
  }
}
