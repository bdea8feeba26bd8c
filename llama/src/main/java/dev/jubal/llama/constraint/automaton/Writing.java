package dev.jubal.llama.constraint.automaton;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Turns an automaton over characters into one over the bytes they are written in. */
public final class Writing {
  private static final int MOST_STATES = 24_000;

  private final CharDfa dfa;
  private final Budget budget;
  private final Spelling spelling;
  private final List<int[]> rows = new ArrayList<>();
  private final Map<IntKey, Integer> inner = new HashMap<>();

  private Writing(CharDfa dfa, boolean quoted, Budget budget) {
    this.dfa = dfa;
    this.budget = budget;
    this.spelling = new Spelling(dfa.alphabet(), quoted, budget);
  }

  /** A JSON string, quotes included, each character written in one way only. */
  public static ByteDfa string(CharDfa dfa, Budget budget) {
    return new Writing(dfa, true, budget).build(true);
  }

  /** The characters as they are. */
  public static ByteDfa plain(CharDfa dfa, Budget budget) {
    return new Writing(dfa, false, budget).build(false);
  }

  private ByteDfa build(boolean quoted) {
    int states = dfa.states();
    for (int s = 0; s < states; s++) {
      row();
    }
    BitSet characters = new BitSet();
    characters.set(0, states);
    BitSet accepting = new BitSet();
    for (int s = 0; s < states; s++) {
      int[] targets = new int[dfa.alphabet().count()];
      for (int c = 0; c < targets.length; c++) {
        targets[c] = dfa.next(s, c);
      }
      fill(rows.get(s), 0, targets);
      accepting.set(s, dfa.accepting(s));
    }
    int start = 0;
    if (quoted) {
      int end = rows.size();
      row();
      for (int s = 0; s < states; s++) {
        if (accepting.get(s)) {
          rows.get(s)['"'] = end;
        }
      }
      accepting.clear();
      accepting.set(end);
      start = rows.size();
      row()['"'] = states > 0 ? 0 : -1;
    }
    if (rows.isEmpty()) {
      row();
    }
    ByteDfa leaf = new ByteDfa(rows, accepting, start, characters);
    budget.bytes(leaf.bytes());
    return leaf;
  }

  private int[] row() {
    if (rows.size() >= MOST_STATES) {
      throw new Budget.Exceeded("a pattern that needs fewer states");
    }
    budget.steps(60);
    int[] row = new int[256];
    Arrays.fill(row, -1);
    rows.add(row);
    return row;
  }

  private void fill(int[] row, int node, int[] targets) {
    int[] children = spelling.node(node);
    budget.steps(40);
    for (int b = 0; b < 256; b++) {
      int child = children[b];
      if (child == Spelling.NONE) {
        continue;
      }
      row[b] = child <= -2 ? targets[-2 - child] : state(child, targets);
    }
  }

  private int state(int node, int[] targets) {
    int[] classes = spelling.classes(node);
    int[] key = new int[classes.length + 1];
    key[0] = node;
    boolean any = false;
    for (int i = 0; i < classes.length; i++) {
      key[i + 1] = targets[classes[i]];
      any |= targets[classes[i]] >= 0;
    }
    if (!any) {
      return -1;
    }
    Integer known = inner.get(new IntKey(key));
    if (known != null) {
      return known;
    }
    int number = rows.size();
    int[] row = row();
    inner.put(new IntKey(key), number);
    fill(row, node, targets);
    return number;
  }
}
