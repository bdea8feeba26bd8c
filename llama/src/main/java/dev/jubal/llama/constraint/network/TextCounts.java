package dev.jubal.llama.constraint.network;

import dev.jubal.llama.constraint.automaton.Leaf;
import java.util.Arrays;

/**
 * Counts how many texts lead from a state to the end of its rule. A text that several ways lead to
 * counts several times; a loop makes it {@link Leaf#FAR}, as does a form too deep to look through.
 */
final class TextCounts {
  private static final int UNKNOWN = -1;
  private static final int OPEN = -2;
  private static final int DEEPEST = 1500;

  private final Network network;
  private final int[] counts;

  TextCounts(Network network) {
    this.network = network;
    this.counts = new int[network.states()];
    Arrays.fill(counts, UNKNOWN);
  }

  int from(int state) {
    return from(state, 0);
  }

  private int from(int state, int depth) {
    if (counts[state] == OPEN || depth > DEEPEST) {
      return Leaf.FAR;
    }
    if (counts[state] != UNKNOWN) {
      return counts[state];
    }
    counts[state] = OPEN;
    long sum = network.marked(state, Network.FINAL) ? 1 : 0;
    for (int arc = network.firstArc(state);
        arc < network.firstArc(state + 1) && sum < Leaf.FAR;
        arc++) {
      if (network.distance(network.target(arc)) >= Leaf.FAR) {
        continue;
      }
      long here =
          switch (network.kind(arc)) {
            case Network.OCTETS -> network.high(arc) - network.low(arc) + 1;
            case Network.EMPTY -> 1;
            case Network.RULE -> from(network.callee(arc), depth + 1);
            default -> {
              Leaf leaf = network.leaf(network.callee(arc));
              yield leaf.texts(leaf.start());
            }
          };
      sum += here == 0 ? 0 : Math.min(Leaf.FAR, here * from(network.target(arc), depth + 1));
    }
    counts[state] = (int) Math.min(Leaf.FAR, sum);
    return counts[state];
  }
}
