package dev.jubal.llama.constraint.automaton;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Finds states that behave alike, so that they share masks. Small automata are minimised by
 * refining a partition. In large ones, only states behind which no loop lies are compared, from the
 * end to the beginning: that is where repetitions of bounded length leave most of their copies.
 */
final class Joining {
  private static final int SMALL = 64;

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

  /** For each state the one that stands for all that behave like it. */
  int[] representatives() {
    return states <= SMALL ? refined() : withoutLoops();
  }

  private int[] refined() {
    int[] block = new int[states];
    for (int s = 0; s < states; s++) {
      block[s] = accepting.get(s) ? 1 : 0;
    }
    int blocks = 0;
    while (true) {
      budget.steps((long) states * classes);
      Map<IntKey, Integer> numbers = new HashMap<>();
      int[] finer = new int[states];
      for (int s = 0; s < states; s++) {
        finer[s] = numbers.computeIfAbsent(key(s, block, block[s]), k -> numbers.size());
      }
      block = finer;
      if (numbers.size() == blocks) {
        break;
      }
      blocks = numbers.size();
    }
    int[] of = new int[blocks];
    Arrays.fill(of, -1);
    int[] first = new int[states];
    for (int s = 0; s < states; s++) {
      if (of[block[s]] < 0) {
        of[block[s]] = s;
      }
      first[s] = of[block[s]];
    }
    return first;
  }

  private IntKey key(int state, int[] of, int own) {
    int[] key = new int[classes + 1];
    key[classes] = own;
    for (int c = 0; c < classes; c++) {
      int target = next[state * classes + c];
      key[c] = target < 0 ? -1 : of[target];
    }
    return new IntKey(key);
  }

  private int[] withoutLoops() {
    int[] first = new int[states];
    Arrays.setAll(first, state -> state);
    Map<IntKey, Integer> known = new HashMap<>();
    for (int state : fromTheEnd()) {
      budget.steps(classes);
      first[state] =
          known.computeIfAbsent(key(state, first, accepting.get(state) ? -2 : -3), k -> state);
    }
    return first;
  }

  /** The states behind which no loop lies, each after all it leads to. */
  private int[] fromTheEnd() {
    int[] left = new int[states];
    int[] starts = new int[states + 1];
    for (int i = 0; i < next.length; i++) {
      if (next[i] >= 0) {
        left[i / classes]++;
        starts[next[i] + 1]++;
      }
    }
    for (int s = 0; s < states; s++) {
      starts[s + 1] += starts[s];
    }
    int[] sources = new int[starts[states]];
    int[] at = starts.clone();
    for (int i = 0; i < next.length; i++) {
      if (next[i] >= 0) {
        sources[at[next[i]]++] = i / classes;
      }
    }
    IntList order = new IntList();
    for (int s = 0; s < states; s++) {
      if (left[s] == 0) {
        order.add(s);
      }
    }
    for (int i = 0; i < order.size(); i++) {
      for (int k = starts[order.get(i)]; k < starts[order.get(i) + 1]; k++) {
        if (--left[sources[k]] == 0) {
          order.add(sources[k]);
        }
      }
    }
    return order.toArray();
  }
}
