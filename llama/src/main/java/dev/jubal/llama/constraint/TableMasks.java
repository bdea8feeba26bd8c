package dev.jubal.llama.constraint;

import dev.jubal.llama.constraint.automaton.IntList;
import dev.jubal.llama.constraint.automaton.Leaf;
import java.util.HashMap;
import java.util.Map;

/** Masks found by a walk over the trie for each state that is met. */
final class TableMasks implements LeafMasks {
  private static final long MOST_BYTES = 8 << 20;

  private record Found(long[] bits, int[] exits) {}

  private final Trie trie;
  private final int words;
  private final Leaf leaf;
  private final Map<Integer, Found> known = new HashMap<>();
  private volatile long bytes;

  TableMasks(Trie trie, int words, Leaf leaf) {
    this.trie = trie;
    this.words = words;
    this.leaf = leaf;
  }

  @Override
  public Leaf leaf() {
    return leaf;
  }

  @Override
  public void add(int state, long[] bits, IntList exits) {
    Found found = find(state);
    for (int i = 0; i < words; i++) {
      bits[i] |= found.bits[i];
    }
    for (int exit : found.exits) {
      exits.add(exit);
    }
  }

  private synchronized Found find(int state) {
    Found found = known.get(state);
    if (found == null) {
      if (bytes > MOST_BYTES) {
        known.clear();
        bytes = 0;
      }
      found = walk(state);
      known.put(state, found);
      bytes += 8L * words + 4L * found.exits.length + 100;
    }
    return found;
  }

  private Found walk(int from) {
    long[] bits = new long[words];
    IntList exits = new IntList();
    int[] way = new int[trie.deepest() + 1];
    way[0] = from;
    for (int i = 1; i < trie.nodes(); ) {
      int depth = trie.depth(i);
      int state = leaf.next(way[depth - 1], trie.octet(i));
      if (state < 0) {
        i = trie.end(i);
        continue;
      }
      trie.mark(i, bits);
      if (leaf.accepts(state) && trie.end(i) > i + 1) {
        exits.add(i);
      }
      if (!leaf.continues(state)) {
        i = trie.end(i);
        continue;
      }
      way[depth] = state;
      i++;
    }
    return new Found(bits, exits.toArray());
  }

  @Override
  public long bytes() {
    return bytes + leaf.bytes();
  }
}
