package dev.jubal.llama.constraint.network;

import dev.jubal.llama.constraint.automaton.IntList;

/** Looks for rules that call themselves without reading. */
final class Recursion {
  private static final byte OPEN = 1;
  private static final byte DONE = 2;

  private final Network network;

  Recursion(Network network) {
    this.network = network;
  }

  void check() {
    byte[] seen = new byte[network.states()];
    int[] at = new int[network.states()];
    IntList way = new IntList();
    for (int root = 0; root < seen.length; root++) {
      if (seen[root] == 0) {
        enter(root, seen, at, way);
      }
      while (!way.isEmpty()) {
        int state = way.get(way.size() - 1);
        if (at[state] == network.firstArc(state + 1)) {
          seen[state] = DONE;
          way.pop();
          continue;
        }
        int arc = at[state]++;
        int next =
            switch (network.kind(arc)) {
              case Network.EMPTY -> network.target(arc);
              case Network.RULE -> network.callee(arc);
              default -> -1;
            };
        if (next >= 0 && seen[next] == OPEN) {
          throw new EndlessRecursion();
        }
        if (next >= 0 && seen[next] == 0) {
          enter(next, seen, at, way);
        }
      }
    }
  }

  private void enter(int state, byte[] seen, int[] at, IntList way) {
    seen[state] = OPEN;
    at[state] = network.firstArc(state);
    way.add(state);
  }
}
