package dev.jubal.llama.constraint.network;

import dev.jubal.llama.constraint.automaton.Leaf;
import java.util.Arrays;
import java.util.BitSet;
import java.util.PriorityQueue;

/**
 * Least number of bytes from every state to the end of its rule, nearest first: a call costs what
 * the rule and what follows cost together.
 */
final class Distances {
  private final Network network;
  private final BitSet octets;
  private final int[] distance;
  private final int[] dependents;
  private final int[] starts;
  private final PriorityQueue<Long> queue = new PriorityQueue<>();

  Distances(Network network, BitSet octets) {
    this.network = network;
    this.octets = octets;
    this.distance = new int[network.states()];
    this.starts = new int[network.states() + 1];
    int arcs = network.firstArc(network.states());
    this.dependents = new int[2 * arcs];
    index();
  }

  /** For each state, the states with an arc whose cost depends on it. */
  private void index() {
    for (int pass = 0; pass < 2; pass++) {
      int[] at = Arrays.copyOf(starts, starts.length);
      for (int state = 0; state < network.states(); state++) {
        for (int arc = network.firstArc(state); arc < network.firstArc(state + 1); arc++) {
          note(at, pass, network.target(arc), state);
          if (network.kind(arc) == Network.RULE) {
            note(at, pass, network.callee(arc), state);
          }
        }
      }
      if (pass == 0) {
        for (int s = 1; s < starts.length; s++) {
          starts[s] += starts[s - 1];
        }
      }
    }
  }

  private void note(int[] at, int pass, int on, int state) {
    if (pass == 0) {
      starts[on + 1]++;
    } else {
      dependents[at[on]++] = state;
    }
  }

  int[] compute() {
    Arrays.fill(distance, Leaf.FAR);
    for (int state = 0; state < distance.length; state++) {
      relax(state);
    }
    while (!queue.isEmpty()) {
      long entry = queue.remove();
      int state = (int) entry;
      if (distance[state] == (int) (entry >>> 32)) {
        for (int i = starts[state]; i < starts[state + 1]; i++) {
          relax(dependents[i]);
        }
      }
    }
    return distance;
  }

  private void relax(int state) {
    int best = network.marked(state, Network.FINAL) ? 0 : distance[state];
    for (int arc = network.firstArc(state); arc < network.firstArc(state + 1); arc++) {
      best = (int) Math.min(best, (long) cost(arc) + distance[network.target(arc)]);
    }
    if (best < distance[state]) {
      distance[state] = best;
      queue.add(((long) best << 32) | state);
    }
  }

  private int cost(int arc) {
    return switch (network.kind(arc)) {
      case Network.OCTETS -> {
        int next = octets.nextSetBit(network.low(arc));
        yield next >= 0 && next <= network.high(arc) ? 1 : Leaf.FAR;
      }
      case Network.EMPTY -> 0;
      case Network.RULE -> distance[network.callee(arc)];
      default -> {
        Leaf leaf = network.leaf(network.callee(arc));
        yield leaf.distance(leaf.start());
      }
    };
  }
}
