package dev.jubal.bench.report;

import dev.jubal.bench.report.Metric.Better;
import dev.jubal.bench.report.Metric.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The figures of one suite, in the order they were measured. */
public final class Report {
  private final String suite;
  private final List<Metric> metrics = new ArrayList<>();

  public Report(String suite) {
    this.suite = suite;
  }

  /** The name of the baseline file and the first word of each metric. */
  public String suite() {
    return suite;
  }

  public List<Metric> metrics() {
    return List.copyOf(metrics);
  }

  public void lower(String name, double value, String unit) {
    add(name, value, unit, Better.LOWER, Optional.empty());
  }

  public void higher(String name, double value, String unit) {
    add(name, value, unit, Better.HIGHER, Optional.empty());
  }

  public void fact(String name, double value, String unit) {
    add(name, value, unit, Better.NEITHER, Optional.empty());
  }

  /** A figure that has to be lower than a bound. */
  public void below(String name, double value, String unit, double bound) {
    add(name, value, unit, Better.LOWER, Optional.of(new Target(bound, false)));
  }

  /** A figure that has to be at most a bound. */
  public void atMost(String name, double value, String unit, double bound) {
    add(name, value, unit, Better.LOWER, Optional.of(new Target(bound, true)));
  }

  /** A figure that has to be at least a bound. */
  public void atLeast(String name, double value, String unit, double bound) {
    add(name, value, unit, Better.HIGHER, Optional.of(new Target(bound, true)));
  }

  private void add(String name, double value, String unit, Better better, Optional<Target> target) {
    Metric metric = new Metric(suite + "." + name, value, unit, better, target);
    metrics.add(metric);
    System.err.println("  " + metric.name() + " " + Table.number(value) + " " + unit);
  }

  /** Whether all targets are kept. */
  public boolean passes() {
    return metrics.stream().allMatch(Metric::passes);
  }
}
