package dev.jubal.platform.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The names most like a mistyped one, by edit distance. */
public final class Nearest {
  private Nearest() {}

  /** At most {@code count} of {@code names}, nearest first; never one that has little in common. */
  public static List<String> to(String name, Collection<String> names, int count) {
    String want = name.toLowerCase(Locale.ROOT);
    record Scored(String name, int distance) {}
    return names.stream()
        .map(n -> new Scored(n, distance(want, n.toLowerCase(Locale.ROOT))))
        .filter(s -> s.distance <= Math.max(want.length(), s.name.length()) / 2)
        .sorted(Comparator.comparingInt(Scored::distance).thenComparing(Scored::name))
        .limit(count)
        .map(Scored::name)
        .toList();
  }

  /** Levenshtein distance, two rows. */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(substitution, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
