package dev.jubal.platform.metrics;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps labels few: the first values of each keep their names, all that come later are {@value
 * #OTHER}. Without this one series a team or model would fill the memory of server and Prometheus.
 * Thread-safe.
 */
final class LabelBounds {
  /** What stands for values beyond the bound. */
  static final String OTHER = "other";

  /** Of labels that nobody sets a bound for; none of ours comes near it. */
  private static final int MOST = 300;

  private final Map<String, Integer> most;
  private final Map<String, Seen> seen = new ConcurrentHashMap<>();

  private record Seen(Set<String> values, AtomicInteger count) {
    Seen() {
      this(ConcurrentHashMap.newKeySet(), new AtomicInteger());
    }
  }

  /**
   * Bounds.
   *
   * @param most how many values of a label keep their names
   */
  LabelBounds(Map<String, Integer> most) {
    this.most = Map.copyOf(most);
  }

  /** The value, or what stands for it. */
  String value(String label, String value) {
    Seen known = seen.computeIfAbsent(label, l -> new Seen());
    if (known.values.contains(value)) {
      return value;
    }
    int bound = most.getOrDefault(label, MOST);
    if (known.count.get() >= bound) { // so that what stays beyond it costs no more than this
      return OTHER;
    }
    synchronized (known) {
      if (known.values.contains(value)) {
        return value;
      }
      if (known.count.get() >= bound) {
        return OTHER;
      }
      known.values.add(value);
      known.count.incrementAndGet();
      return value;
    }
  }
}
