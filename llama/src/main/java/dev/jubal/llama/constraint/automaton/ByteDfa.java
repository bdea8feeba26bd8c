package dev.jubal.llama.constraint.automaton;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** A leaf with a table. */
public final class ByteDfa implements Leaf {
  private final int start;
  private final byte[] classes;
  private final int width;
  private final int[] next;
  private final BitSet accepting;
  private final int[] distance;
  private final BitSet characters;
  private int[] texts = {};

  /**
   * @param rows for each state the 256 targets, -1 for none
   * @param characters the states that are entered by the last byte of a character
   */
  ByteDfa(List<int[]> rows, BitSet accepting, int start, BitSet characters) {
    this.start = start;
    this.accepting = accepting;
    this.characters = characters;
    this.classes = classes(rows);
    this.width = width(classes);
    this.next = new int[rows.size() * width];
    for (int s = 0; s < rows.size(); s++) {
      int[] row = rows.get(s);
      for (int b = 0; b < 256; b++) {
        next[s * width + (classes[b] & 255)] = row[b];
      }
    }
    this.distance = distances();
    for (int i = 0; i < next.length; i++) {
      if (next[i] >= 0 && distance[next[i]] >= FAR) {
        next[i] = -1;
      }
    }
  }

  private static byte[] classes(List<int[]> rows) {
    boolean[] cut = new boolean[256];
    for (int[] row : rows) {
      for (int b = 1; b < 256; b++) {
        cut[b] |= row[b] != row[b - 1];
      }
    }
    byte[] classes = new byte[256];
    for (int b = 1; b < 256; b++) {
      classes[b] = (byte) (classes[b - 1] + (cut[b] ? 1 : 0));
    }
    return classes;
  }

  private static int width(byte[] classes) {
    return (classes[255] & 255) + 1;
  }

  private int[] distances() {
    int states = next.length / width;
    int[] found = new int[states];
    Arrays.fill(found, FAR);
    List<IntList> sources = sources();
    IntList order = new IntList();
    accepting.stream()
        .forEach(
            state -> {
              found[state] = 0;
              order.add(state);
            });
    for (int i = 0; i < order.size(); i++) {
      IntList from = sources.get(order.get(i));
      for (int k = 0; k < from.size(); k++) {
        if (found[from.get(k)] == FAR) {
          found[from.get(k)] = found[order.get(i)] + 1;
          order.add(from.get(k));
        }
      }
    }
    return found;
  }

  /** For each state where it is entered from, once for each class of bytes. */
  private List<IntList> sources() {
    List<IntList> sources = new ArrayList<>();
    for (int s = 0; s < states(); s++) {
      sources.add(new IntList());
    }
    for (int i = 0; i < next.length; i++) {
      if (next[i] >= 0) {
        sources.get(next[i]).add(i / width);
      }
    }
    return sources;
  }

  @Override
  public int start() {
    return start;
  }

  @Override
  public int next(int state, int octet) {
    return next[state * width + (classes[octet] & 255)];
  }

  @Override
  public boolean accepts(int state) {
    return accepting.get(state);
  }

  @Override
  public boolean continues(int state) {
    for (int i = state * width; i < (state + 1) * width; i++) {
      if (next[i] >= 0) {
        return true;
      }
    }
    return false;
  }

  @Override
  public int distance(int state) {
    return distance[state];
  }

  @Override
  public synchronized int texts(int state) {
    if (texts.length == 0) {
      texts = new TextCount(next, width, accepting, sizes()).counts();
    }
    return texts[state];
  }

  @Override
  public Leaf within(BitSet octets) {
    boolean lost = false;
    for (int b = 0; b < 256 && !lost; b++) {
      for (int s = 0; s < states() && !lost; s++) {
        lost = !octets.get(b) && next(s, b) >= 0;
      }
    }
    if (!lost) {
      return this;
    }
    List<int[]> rows = new ArrayList<>();
    for (int s = 0; s < states(); s++) {
      int[] row = new int[256];
      for (int b = 0; b < 256; b++) {
        row[b] = octets.get(b) ? next(s, b) : -1;
      }
      rows.add(row);
    }
    return new ByteDfa(rows, accepting, start, characters);
  }

  /**
   * The same texts, but only those with so many characters.
   *
   * @param most the most characters, or -1 for any number
   */
  public Leaf counted(int least, int most, Budget budget) {
    // The opening quote counts as one: it enters the state that awaits the first character.
    int longest = longest() - 1;
    int bound = longest >= 0 && longest <= most ? -1 : most;
    return least == 0 && bound < 0 ? this : new CountedLeaf(this, least, bound, budget);
  }

  int states() {
    return next.length / width;
  }

  /** The targets of a state, one for each class of bytes. */
  int[] targets(int state) {
    return Arrays.copyOfRange(next, state * width, (state + 1) * width);
  }

  /** How many bytes there are in each class. */
  int[] sizes() {
    int[] sizes = new int[width];
    for (byte octetClass : classes) {
      sizes[octetClass & 255]++;
    }
    return sizes;
  }

  /** The most characters a text can have, or -1 if a loop leaves that open. */
  int longest() {
    int[] left = new int[states()];
    for (int i = 0; i < next.length; i++) {
      left[i / width] += next[i] >= 0 ? 1 : 0;
    }
    List<IntList> sources = sources();
    int[] longest = new int[states()];
    IntList order = new IntList();
    for (int s = 0; s < states(); s++) {
      if (left[s] == 0) {
        order.add(s);
      }
    }
    for (int i = 0; i < order.size(); i++) {
      int to = order.get(i);
      int through = longest[to] + (characters.get(to) ? 1 : 0);
      IntList from = sources.get(to);
      for (int k = 0; k < from.size(); k++) {
        int state = from.get(k);
        longest[state] = Math.max(longest[state], through);
        if (--left[state] == 0) {
          order.add(state);
        }
      }
    }
    return order.size() < states() ? -1 : longest[start];
  }

  boolean entersCharacter(int state) {
    return characters.get(state);
  }

  @Override
  public long bytes() {
    return 4L * next.length + 8L * states() + 400;
  }
}
