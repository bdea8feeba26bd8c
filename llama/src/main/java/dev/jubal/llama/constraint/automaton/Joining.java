package dev.jubal.llama.constraint.automaton;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Finds states that behave alike by refining a partition until nothing changes. Only for small
 * automata: a large one works as well with all of its states, it only shares fewer masks.
 */
final class Joining {
  private static final int MOST = 400;

  private final int[] next;
  private final BitSet accepting;
  private final int classes;
  private final int states;
  private final Budget budget;

  Joining(int[] next, BitSet accepting, int classes, int states, Budget budget) {
    this.next = next;
    this.accepting = accepting;
    this.classes = classes;
    this.states = states;
    this.budget = budget;
  }

  /** For each state the first one that behaves like it. */
  int[] representatives() {
    int[] first = new int[states];
    if (states > MOST) {
      Arrays.setAll(first, state -> state);
      return first;
    }
    int[] block = new int[states];
    for (int s = 0; s < states; s++) {
      block[s] = accepting.get(s) ? 1 : 0;
    }
    int blocks = 0;
    while (true) {
      budget.steps((long) states * classes);
      Map<IntKey, Integer> numbers = new HashMap<>();
      int[] refined = new int[states];
      for (int s = 0; s < states; s++) {
        int[] key = new int[classes + 1];
        key[classes] = block[s];
        for (int c = 0; c < classes; c++) {
          int target = next[s * classes + c];
          key[c] = target < 0 ? -1 : block[target];
        }
        refined[s] = numbers.computeIfAbsent(new IntKey(key), k -> numbers.size());
      }
      block = refined;
      if (numbers.size() == blocks) {
        break;
      }
      blocks = numbers.size();
    }
    int[] of = new int[blocks];
    Arrays.fill(of, -1);
    for (int s = 0; s < states; s++) {
      if (of[block[s]] < 0) {
        of[block[s]] = s;
      }
      first[s] = of[block[s]];
    }
    return first;
  }
}
