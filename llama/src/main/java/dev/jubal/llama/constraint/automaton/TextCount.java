package dev.jubal.llama.constraint.automaton;

import java.util.BitSet;

/** Counts the texts of a table automaton from each state, up to {@link Leaf#FAR}. */
final class TextCount {
  private final int[] next;
  private final int width;
  private final BitSet accepting;
  private final int[] size;

  TextCount(int[] next, int width, BitSet accepting, int[] size) {
    this.next = next;
    this.width = width;
    this.accepting = accepting;
    this.size = size;
  }

  /** Depth first without recursion; a state met again on its own way lies on a loop. */
  int[] counts() {
    int states = next.length / width;
    int[] count = new int[states];
    int[] at = new int[states];
    boolean[] open = new boolean[states];
    boolean[] done = new boolean[states];
    IntList way = new IntList();
    for (int root = 0; root < states; root++) {
      way.add(root);
      while (!way.isEmpty()) {
        int state = way.get(way.size() - 1);
        if (!done[state] && !open[state]) {
          open[state] = true;
          count[state] = accepting.get(state) ? 1 : 0;
        }
        if (done[state] || at[state] == width) {
          done[state] = true;
          open[state] = false;
          way.pop();
          continue;
        }
        int target = next[state * width + at[state]];
        if (target >= 0 && open[target]) {
          count[state] = Leaf.FAR;
        } else if (target >= 0 && !done[target]) {
          way.add(target);
          continue;
        } else if (target >= 0) {
          long sum = count[state] + (long) count[target] * size[at[state]];
          count[state] = (int) Math.min(Leaf.FAR, sum);
        }
        at[state]++;
      }
    }
    return count;
  }
}
