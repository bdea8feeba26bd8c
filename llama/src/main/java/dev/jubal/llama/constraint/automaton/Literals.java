package dev.jubal.llama.constraint.automaton;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A leaf that accepts a list of texts; common endings share their states. */
public final class Literals {
  private final byte[][] texts;
  private final Budget budget;
  private final List<int[]> rows = new ArrayList<>();
  private final BitSet accepting = new BitSet();
  private final Map<IntKey, Integer> known = new HashMap<>();

  private Literals(byte[][] texts, Budget budget) {
    this.texts = texts;
    this.budget = budget;
  }

  /** The leaf of all these texts, at least one. */
  public static ByteDfa of(Collection<String> texts, Budget budget) {
    byte[][] sorted =
        texts.stream()
            .distinct()
            .map(text -> text.getBytes(StandardCharsets.UTF_8))
            .sorted(Arrays::compareUnsigned)
            .toArray(byte[][]::new);
    Literals literals = new Literals(sorted, budget);
    int start = literals.state(0, sorted.length, 0);
    ByteDfa leaf = new ByteDfa(literals.rows, literals.accepting, start, new BitSet());
    budget.bytes(leaf.bytes());
    return leaf;
  }

  /** The state that has read {@code depth} bytes, common to the texts from one to another. */
  private int state(int from, int to, int depth) {
    if (to - from == 1) {
      return tail(texts[from], depth);
    }
    int common = Arrays.mismatch(texts[from], texts[to - 1]);
    int[] row = new int[257];
    Arrays.fill(row, -1);
    int i = from;
    if (texts[i].length == common) {
      row[256] = 1;
      i++;
    }
    while (i < to) {
      int end = i;
      byte octet = texts[i][common];
      while (end < to && texts[end][common] == octet) {
        end++;
      }
      row[octet & 255] = state(i, end, common + 1);
      i = end;
    }
    return before(texts[from], depth, common, intern(row));
  }

  private int tail(byte[] text, int depth) {
    int[] end = new int[257];
    Arrays.fill(end, -1);
    end[256] = 1;
    return before(text, depth, text.length, intern(end));
  }

  /** The state from which the bytes of a text from one index to another lead to a state. */
  private int before(byte[] text, int from, int to, int state) {
    int next = state;
    for (int i = to - 1; i >= from; i--) {
      int[] row = new int[257];
      Arrays.fill(row, -1);
      row[text[i] & 255] = next;
      next = intern(row);
    }
    return next;
  }

  private int intern(int[] row) {
    budget.steps(100);
    return known.computeIfAbsent(
        new IntKey(row),
        key -> {
          if (rows.size() >= 60_000) {
            throw new Budget.Exceeded("fewer or shorter values");
          }
          budget.bytes(1100);
          accepting.set(rows.size(), row[256] == 1);
          rows.add(Arrays.copyOf(row, 256));
          return rows.size() - 1;
        });
  }
}
