package dev.jubal.llama.constraint.automaton;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * The characters cut into classes that some automaton cannot tell apart: class numbers take the
 * place of characters in its tables.
 */
public final class Alphabet {
  private final int[] starts;
  private final int[] classes;
  private final int count;

  private Alphabet(int[] starts, int[] classes, int count) {
    this.starts = starts;
    this.classes = classes;
    this.count = count;
  }

  /** The coarsest alphabet in which each of the sets is a union of classes. */
  public static Alphabet of(Collection<CharSet> sets) {
    IntList cuts = new IntList();
    cuts.add(0);
    List<CharSet> distinct = new ArrayList<>(new LinkedHashSet<>(sets));
    for (CharSet set : distinct) {
      int[] ranges = set.ranges();
      for (int i = 0; i < ranges.length; i += 2) {
        cuts.add(ranges[i]);
        cuts.add(ranges[i + 1] + 1);
      }
    }
    int[] starts = cuts.toSortedSet();
    int[] at = new int[distinct.size()];
    int[] classes = new int[starts.length];
    Map<BitSet, Integer> numbers = new HashMap<>();
    for (int segment = 0; segment < starts.length; segment++) {
      BitSet in = new BitSet();
      for (int s = 0; s < at.length; s++) {
        int[] ranges = distinct.get(s).ranges();
        while (at[s] < ranges.length && ranges[at[s] + 1] < starts[segment]) {
          at[s] += 2;
        }
        if (at[s] < ranges.length && ranges[at[s]] <= starts[segment]) {
          in.set(s);
        }
      }
      classes[segment] = numbers.computeIfAbsent(in, key -> numbers.size());
    }
    return new Alphabet(starts, classes, numbers.size());
  }

  /**
   * A common refinement.
   *
   * @param own receives, for each new class, the class of this alphabet it is part of
   * @param others likewise for the other alphabet
   */
  Alphabet refine(Alphabet other, IntList own, IntList others) {
    IntList cuts = new IntList();
    for (int start : starts) {
      cuts.add(start);
    }
    for (int start : other.starts) {
      cuts.add(start);
    }
    int[] joint = cuts.toSortedSet();
    int[] classes = new int[joint.length];
    Map<Long, Integer> numbers = new HashMap<>();
    for (int segment = 0; segment < joint.length; segment++) {
      int a = classOf(joint[segment]);
      int b = other.classOf(joint[segment]);
      Integer number = numbers.get(((long) a << 32) | b);
      if (number == null) {
        number = numbers.size();
        numbers.put(((long) a << 32) | b, number);
        own.add(a);
        others.add(b);
      }
      classes[segment] = number;
    }
    return new Alphabet(joint, classes, numbers.size());
  }

  /** Number of classes. */
  public int count() {
    return count;
  }

  /** The class of a character. */
  public int classOf(int character) {
    return classes[segmentOf(character)];
  }

  private int segmentOf(int character) {
    int found = Arrays.binarySearch(starts, character);
    return found >= 0 ? found : -found - 2;
  }

  /** The one class of all characters from one to another, or -1 if they have several. */
  int classOfAll(int from, int to) {
    int segment = segmentOf(from);
    int last = segmentOf(to);
    for (int s = segment + 1; s <= last; s++) {
      if (classes[s] != classes[segment]) {
        return -1;
      }
    }
    return classes[segment];
  }

  /** The classes that make up a set the alphabet was made for. */
  public BitSet classesOf(CharSet set) {
    BitSet in = new BitSet();
    int[] ranges = set.ranges();
    for (int i = 0; i < ranges.length; i += 2) {
      int last = segmentOf(ranges[i + 1]);
      for (int segment = segmentOf(ranges[i]); segment <= last; segment++) {
        in.set(classes[segment]);
      }
    }
    return in;
  }

  /** Number of ranges, a measure of size. */
  int segments() {
    return starts.length;
  }
}
