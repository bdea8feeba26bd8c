package dev.jubal.account.alert;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How long things took: counts in buckets, each 5 % longer than the one before, so that a
 * percentile is right within 2.5 %. Not thread-safe.
 */
final class Times {
  private static final double STEP = Math.log(1.05);

  private final TreeMap<Integer, Long> counts = new TreeMap<>();

  /** The form that is stored, such as {@code 120:3 121:1}. */
  static Times of(String text) {
    Times times = new Times();
    for (String part : text.split(" ", -1)) {
      int colon = part.indexOf(':');
      if (colon > 0) {
        times.add(
            Integer.parseInt(part.substring(0, colon)), Long.parseLong(part.substring(colon + 1)));
      }
    }
    return times;
  }

  String text() {
    return counts.entrySet().stream()
        .map(e -> e.getKey() + ":" + e.getValue())
        .collect(Collectors.joining(" "));
  }

  void add(Duration took) {
    double millis = Math.max(1, took.toNanos() / 1e6);
    add((int) Math.floor(Math.log(millis) / STEP), 1);
  }

  private void add(int bucket, long count) {
    counts.merge(bucket, count, Long::sum);
  }

  void add(Times other) {
    other.counts.forEach(this::add);
  }

  long count() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Milliseconds that so large a part of them, 0 to 1, does not exceed; 0 of nothing. */
  double percentile(double part) {
    long left = (long) Math.ceil(count() * part);
    for (Map.Entry<Integer, Long> bucket : counts.entrySet()) {
      left -= bucket.getValue();
      if (left <= 0) {
        return Math.exp((bucket.getKey() + 0.5) * STEP);
      }
    }
    return 0;
  }
}
