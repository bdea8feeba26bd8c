package dev.jubal.llama.constraint.automaton;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * A set of Unicode characters (code points without surrogates), as sorted, disjoint ranges with
 * inclusive ends.
 */
public final class CharSet {
  public static final CharSet NONE = new CharSet(new int[0]);
  public static final CharSet ALL = new CharSet(new int[] {0, 0xD7FF, 0xE000, 0x10FFFF});

  private final int[] ranges;

  private CharSet(int[] ranges) {
    this.ranges = ranges;
  }

  public static CharSet of(int character) {
    return range(character, character);
  }

  /** The characters from one to another, both included. */
  public static CharSet range(int from, int to) {
    return new CharSet(new int[] {from, to}).and(ALL);
  }

  /** All characters that pass a test; looks at each of the 1.1 million. */
  public static CharSet matching(IntPredicate test) {
    IntList ranges = new IntList();
    int from = -1;
    for (int c = 0; c <= 0x110000; c++) {
      boolean in = c < 0x110000 && (c < 0xD800 || c > 0xDFFF) && test.test(c);
      if (in && from < 0) {
        from = c;
      } else if (!in && from >= 0) {
        ranges.add(from);
        ranges.add(c - 1);
        from = -1;
      }
    }
    return new CharSet(ranges.toArray());
  }

  public CharSet or(CharSet other) {
    return merge(other);
  }

  public CharSet and(CharSet other) {
    return not(not(this).merge(not(other)));
  }

  public CharSet complement() {
    return not(this).and(ALL);
  }

  /** The gaps, surrogates included. */
  private static CharSet not(CharSet set) {
    IntList gaps = new IntList();
    int next = 0;
    for (int i = 0; i < set.ranges.length; i += 2) {
      if (next < set.ranges[i]) {
        gaps.add(next);
        gaps.add(set.ranges[i] - 1);
      }
      next = set.ranges[i + 1] + 1;
    }
    if (next <= 0x10FFFF) {
      gaps.add(next);
      gaps.add(0x10FFFF);
    }
    return new CharSet(gaps.toArray());
  }

  private CharSet merge(CharSet other) {
    long[] all = new long[(ranges.length + other.ranges.length) / 2];
    int n = 0;
    for (int[] source : new int[][] {ranges, other.ranges}) {
      for (int i = 0; i < source.length; i += 2) {
        all[n++] = ((long) source[i] << 32) | source[i + 1];
      }
    }
    Arrays.sort(all);
    IntList merged = new IntList();
    int from = -1;
    int to = -2;
    for (long range : all) {
      int start = (int) (range >>> 32);
      if (start > to + 1) {
        if (from >= 0) {
          merged.add(from);
          merged.add(to);
        }
        from = start;
        to = (int) range;
      } else {
        to = Math.max(to, (int) range);
      }
    }
    if (from >= 0) {
      merged.add(from);
      merged.add(to);
    }
    return new CharSet(merged.toArray());
  }

  public boolean contains(int character) {
    for (int i = 0; i < ranges.length && ranges[i] <= character; i += 2) {
      if (character <= ranges[i + 1]) {
        return true;
      }
    }
    return false;
  }

  public boolean isEmpty() {
    return ranges.length == 0;
  }

  /** The only character, or -1 if there are more or none. */
  public int single() {
    return ranges.length == 2 && ranges[0] == ranges[1] ? ranges[0] : -1;
  }

  /** First and last character of each range, alternating. */
  int[] ranges() {
    return ranges;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CharSet set && Arrays.equals(ranges, set.ranges);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ranges);
  }
}
