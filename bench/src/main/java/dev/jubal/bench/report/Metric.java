package dev.jubal.bench.report;

import java.util.Optional;

/**
 * One figure.
 *
 * @param name dotted, such as server.rss.idle
 * @param unit of the value
 * @param better which direction is good
 * @param target what it has to keep, if anything
 */
public record Metric(
    String name, double value, String unit, Better better, Optional<Target> target) {

  /** Which direction is good. */
  public enum Better {
    LOWER,
    HIGHER,
    /** A circumstance: neither is. */
    NEITHER
  }

  /** A bound; {@code inclusive} when the bound itself is good enough. */
  public record Target(double bound, boolean inclusive) {}

  /** Whether the target is kept; true without one. */
  public boolean passes() {
    if (target.isEmpty()) {
      return true;
    }
    Target t = target.get();
    if (t.inclusive && value == t.bound) {
      return true;
    }
    return better == Better.LOWER ? value < t.bound : value > t.bound;
  }

  String targetText() {
    return target
        .map(
            t -> {
              String sign = better == Better.LOWER ? "<" : ">";
              return sign + (t.inclusive ? "= " : " ") + Table.number(t.bound);
            })
        .orElse("");
  }
}
