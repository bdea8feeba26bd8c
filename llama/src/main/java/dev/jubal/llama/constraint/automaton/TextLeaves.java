package dev.jubal.llama.constraint.automaton;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** Leaves of free text. The byte 0xFF, which begins private spellings, is never text. */
public final class TextLeaves {
  private static final int PRIVATE = 0xFF;

  private TextLeaves() {}

  /** Any text. */
  public static ByteDfa any() {
    return new ByteDfa(List.of(row(0)), bits(1), 0, new BitSet());
  }

  /** Text in which some bytes, at least one, do not occur. */
  public static ByteDfa without(byte[] trigger) {
    List<int[]> rows = search(trigger);
    return new ByteDfa(rows, bits(rows.size()), 0, new BitSet());
  }

  /** Text up to and with the first occurrence of some bytes, at least one. */
  public static ByteDfa until(byte[] trigger) {
    List<int[]> rows = search(trigger);
    int end = rows.size();
    rows.get(end - 1)[trigger[trigger.length - 1] & 255] = end;
    rows.add(row(-1));
    BitSet accepting = new BitSet();
    accepting.set(end);
    return new ByteDfa(rows, accepting, 0, new BitSet());
  }

  /** Text that does not begin with some bytes, at least one. */
  public static ByteDfa notBeginning(byte[] head) {
    List<int[]> rows = new ArrayList<>();
    for (int i = 0; i < head.length; i++) {
      int[] row = row(head.length);
      row[head[i] & 255] = i + 1 < head.length ? i + 1 : -1;
      rows.add(row);
    }
    rows.add(row(head.length));
    return new ByteDfa(rows, bits(rows.size()), 0, new BitSet());
  }

  /** For each number of bytes matched so far where a byte leads; nowhere at the last one. */
  private static List<int[]> search(byte[] trigger) {
    List<int[]> rows = new ArrayList<>();
    int fallback = 0;
    for (int i = 0; i < trigger.length; i++) {
      int octet = trigger[i] & 255;
      int[] row = i == 0 ? row(0) : rows.get(fallback).clone();
      if (i > 0) {
        fallback = rows.get(fallback)[octet];
      }
      row[octet] = i + 1 < trigger.length ? i + 1 : -1;
      rows.add(row);
    }
    return rows;
  }

  private static int[] row(int to) {
    int[] row = new int[256];
    Arrays.fill(row, to);
    row[PRIVATE] = -1;
    return row;
  }

  private static BitSet bits(int count) {
    BitSet bits = new BitSet();
    bits.set(0, count);
    return bits;
  }
}
