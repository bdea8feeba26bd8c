package dev.jubal.llama.constraint.automaton;

import java.util.Arrays;
import java.util.BitSet;

/**
 * The texts of a table automaton that have so many characters. The state is {@code count * states +
 * state}: only the distances are tabulated for each count, not the transitions.
 */
final class CountedLeaf implements Leaf {
  private static final long MOST = 2_000_000;

  private final ByteDfa dfa;
  private final int least;
  private final int cap;
  private final boolean open;
  private final int[] distance;
  private int[] texts = {};

  /**
   * @param most the most characters, or -1 for any number
   */
  CountedLeaf(ByteDfa dfa, int least, int most, Budget budget) {
    this.dfa = dfa;
    this.least = least;
    this.open = most < 0;
    this.cap = open ? least : most;
    long cells = (cap + 1L) * dfa.states();
    if (cells > MOST) {
      throw new Budget.Exceeded("a shorter length or a simpler pattern");
    }
    budget.steps(cells * 4);
    budget.bytes(cells * 4);
    this.distance = distances();
  }

  private CountedLeaf(ByteDfa dfa, int least, int cap, boolean open) {
    this.dfa = dfa;
    this.least = least;
    this.cap = cap;
    this.open = open;
    this.distance = distances();
  }

  private int[] distances() {
    int states = dfa.states();
    int[][] targets = new int[states][];
    for (int s = 0; s < states; s++) {
      targets[s] = distinct(dfa.targets(s));
    }
    int[] order = withinCharacters(targets);
    int[] found = new int[(cap + 1) * states];
    Arrays.fill(found, FAR);
    for (int count = cap; count >= 0; count--) {
      boolean changed = true;
      while (changed) {
        changed = false;
        for (int s : order) {
          int best = count >= least && dfa.accepts(s) ? 0 : nearest(found, count, targets[s]);
          changed |= best < found[count * states + s];
          found[count * states + s] = Math.min(best, found[count * states + s]);
        }
        // Below the cap every character leads to a later count, so one pass has seen it all.
        changed &= open && count == cap;
      }
    }
    return found;
  }

  private static int[] distinct(int[] targets) {
    IntList list = new IntList();
    for (int target : targets) {
      if (target >= 0) {
        list.add(target);
      }
    }
    return list.toSortedSet();
  }

  /** The states, those inside a character after all they lead to within it. */
  private int[] withinCharacters(int[][] targets) {
    IntList order = new IntList();
    boolean[] done = new boolean[targets.length];
    for (int s = 0; s < targets.length; s++) {
      visit(s, targets, done, order);
    }
    return order.toArray();
  }

  private void visit(int state, int[][] targets, boolean[] done, IntList order) {
    if (done[state]) {
      return;
    }
    done[state] = true;
    for (int target : targets[state]) {
      if (target >= 0 && !dfa.entersCharacter(target)) {
        visit(target, targets, done, order);
      }
    }
    order.add(state);
  }

  private int nearest(int[] found, int count, int[] targets) {
    int best = FAR;
    for (int target : targets) {
      int to = after(count, target);
      if (to >= 0) {
        best = Math.min(best, 1 + found[to]);
      }
    }
    return best;
  }

  /** The state when a state of the table is entered, or -1 if that is a character too many. */
  private int after(int count, int target) {
    int counted = count;
    if (dfa.entersCharacter(target)) {
      if (count == cap && !open) {
        return -1;
      }
      counted = Math.min(cap, count + 1);
    }
    return counted * dfa.states() + target;
  }

  @Override
  public int start() {
    // The opening quote enters the first character's state: one more than has been read.
    return dfa.start() + (cap + 1) * dfa.states();
  }

  @Override
  public int next(int state, int octet) {
    int states = dfa.states();
    if (state >= (cap + 1) * states) {
      int first = dfa.next(dfa.start(), octet);
      return first < 0 || distance[first] >= FAR ? -1 : first;
    }
    int target = dfa.next(state % states, octet);
    if (target < 0) {
      return -1;
    }
    int to = after(state / states, target);
    return to < 0 || distance[to] >= FAR ? -1 : to;
  }

  @Override
  public boolean accepts(int state) {
    int states = dfa.states();
    return state < (cap + 1) * states && state / states >= least && dfa.accepts(state % states);
  }

  @Override
  public boolean continues(int state) {
    for (int b = 0; b < 256; b++) {
      if (next(state, b) >= 0) {
        return true;
      }
    }
    return false;
  }

  @Override
  public int distance(int state) {
    if (state < (cap + 1) * dfa.states()) {
      return distance[state];
    }
    int first = dfa.next(dfa.start(), '"');
    return first < 0 ? FAR : Math.min(FAR, 1 + distance[first]);
  }

  @Override
  public synchronized int texts(int state) {
    if (texts.length == 0) {
      texts = counts();
    }
    if (state < (cap + 1) * dfa.states()) {
      return texts[state];
    }
    int first = dfa.next(dfa.start(), '"');
    return first < 0 ? 0 : texts[first];
  }

  private int[] counts() {
    int states = dfa.states();
    int[] sizes = dfa.sizes();
    int[][] targets = new int[states][];
    for (int s = 0; s < states; s++) {
      targets[s] = dfa.targets(s);
    }
    int[] order = withinCharacters(targets);
    int[] found = new int[(cap + 1) * states];
    for (int count = cap; count >= 0; count--) {
      for (int s : order) {
        found[count * states + s] =
            open && count == cap ? dfa.texts(s) : count(found, count, s, targets[s], sizes);
      }
    }
    return found;
  }

  private int count(int[] found, int count, int state, int[] targets, int[] sizes) {
    long sum = count >= least && dfa.accepts(state) ? 1 : 0;
    for (int i = 0; i < targets.length && sum < FAR; i++) {
      int to = targets[i] < 0 ? -1 : after(count, targets[i]);
      sum += to < 0 ? 0 : (long) found[to] * sizes[i];
    }
    return (int) Math.min(FAR, sum);
  }

  @Override
  public Leaf within(BitSet octets) {
    Leaf fewer = dfa.within(octets);
    return fewer == dfa ? this : new CountedLeaf((ByteDfa) fewer, least, cap, open);
  }

  @Override
  public long bytes() {
    return dfa.bytes() + 4L * distance.length;
  }
}
