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
    byte[] classes = new byte[256];
    int count = 0;
    for (int b = 1; b < 256; b++) {
      boolean same = true;
      for (int s = 0; s < rows.size() && same; s++) {
        same = rows.get(s)[b] == rows.get(s)[b - 1];
      }
      if (!same) {
        count++;
      }
      classes[b] = (byte) count;
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
    List<IntList> sources = new ArrayList<>();
    for (int s = 0; s < states; s++) {
      sources.add(new IntList());
    }
    for (int i = 0; i < next.length; i++) {
      if (next[i] >= 0) {
        sources.get(next[i]).add(i / width);
      }
    }
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
      texts = new TextCount(next, width, accepting, classes).counts();
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

  /** The same texts, but only those with so many characters. */
  public Leaf counted(int least, int most, Budget budget) {
    return new CountedLeaf(this, least, most, budget);
  }

  int states() {
    return next.length / width;
  }

  /** The targets of a state, one for each class of bytes. */
  int[] targets(int state) {
    return Arrays.copyOfRange(next, state * width, (state + 1) * width);
  }

  boolean entersCharacter(int state) {
    return characters.get(state);
  }

  @Override
  public long bytes() {
    return 4L * next.length + 8L * states() + 400;
  }
}
