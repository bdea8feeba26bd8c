package dev.jubal.llama.constraint;

import dev.jubal.llama.constraint.automaton.IntList;
import dev.jubal.llama.constraint.automaton.Leaf;
import dev.jubal.llama.constraint.automaton.StringLeaf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Masks of JSON strings. The tokens are sorted once, for each part of a character a string can be
 * in, by how many characters they need; a bound on the length then picks a mask, whatever the
 * count.
 */
final class StringMasks {
  private static final int SORTED = 64;

  /**
   * @param within the tokens that need at most so many characters, for 0 to {@link #SORTED}
   * @param exits nodes of the trie where the string ends, and after how many characters
   * @param longer the tokens that need more, and how many
   */
  private record Found(long[][] within, int[] exits, int[] exitCounts, int[] longer, int[] needs) {}

  private final Trie trie;
  private final int words;
  private final StringLeaf leaf;
  private final @Nullable Found[] known = new Found[32];
  private long bytes;

  StringMasks(Trie trie, int words, StringLeaf leaf) {
    this.trie = trie;
    this.words = words;
    this.leaf = leaf.unbounded();
  }

  /** Makes the masks of ordinary text before they are needed. */
  void prepare() {
    find(StringLeaf.OPEN);
    find(StringLeaf.BODY);
  }

  /** The masks of a string with bounds. */
  LeafMasks of(StringLeaf bounded) {
    return new Bounded(bounded);
  }

  synchronized long bytes() {
    return bytes;
  }

  private synchronized Found find(int part) {
    Found found = known[part];
    if (found == null) {
      found = walk(part);
      known[part] = found;
    }
    return found;
  }

  private Found walk(int part) {
    List<IntList> needing = new ArrayList<>();
    for (int i = 0; i <= SORTED; i++) {
      needing.add(new IntList());
    }
    IntList exits = new IntList();
    IntList exitCounts = new IntList();
    IntList longer = new IntList();
    IntList needs = new IntList();
    int[] parts = new int[trie.deepest() + 1];
    int[] counts = new int[trie.deepest() + 1];
    parts[0] = part;
    for (int i = 1; i < trie.nodes(); ) {
      int depth = trie.depth(i);
      int from = parts[depth - 1];
      int to = leaf.part(from, trie.octet(i));
      if (to < 0) {
        i = trie.end(i);
        continue;
      }
      int count = counts[depth - 1] + (to == StringLeaf.BODY && from != StringLeaf.OPEN ? 1 : 0);
      if (to == StringLeaf.END) {
        exits.add(i);
        exitCounts.add(count);
        i = trie.end(i);
        continue;
      }
      int need = count + (to == StringLeaf.BODY ? 0 : 1);
      for (int token = trie.token(i); token >= 0; token = trie.same(token)) {
        if (need <= SORTED) {
          needing.get(need).add(token);
        } else {
          longer.add(token);
          needs.add(need);
        }
      }
      parts[depth] = to;
      counts[depth] = count;
      i++;
    }
    return new Found(
        sorted(needing), exits.toArray(), exitCounts.toArray(), longer.toArray(), needs.toArray());
  }

  private long[][] sorted(List<IntList> needing) {
    long[][] within = new long[SORTED + 1][];
    long[] bits = new long[words];
    for (int need = 0; need <= SORTED; need++) {
      IntList tokens = needing.get(need);
      if (!tokens.isEmpty()) {
        bits = bits.clone();
        bytes += 8L * words;
        for (int i = 0; i < tokens.size(); i++) {
          bits[tokens.get(i) >> 6] |= 1L << tokens.get(i);
        }
      }
      within[need] = bits;
    }
    return within;
  }

  private final class Bounded implements LeafMasks {
    private final StringLeaf bounded;

    Bounded(StringLeaf bounded) {
      this.bounded = bounded;
    }

    @Override
    public Leaf leaf() {
      return bounded;
    }

    @Override
    public void add(int state, long[] bits, IntList exits) {
      Found found = find(state & 31);
      int count = state >> 5;
      int left = bounded.most() - count;
      long[] within = found.within[Math.min(left, SORTED)];
      for (int i = 0; i < words; i++) {
        bits[i] |= within[i];
      }
      for (int i = 0; i < found.longer.length; i++) {
        if (found.needs[i] <= left) {
          bits[found.longer[i] >> 6] |= 1L << found.longer[i];
        }
      }
      for (int i = 0; i < found.exits.length; i++) {
        int read = found.exitCounts[i];
        if (read <= left && count + read >= bounded.least()) {
          int node = found.exits[i];
          trie.mark(node, bits);
          if (trie.end(node) > node + 1) {
            exits.add(node);
          }
        }
      }
    }

    @Override
    public long bytes() {
      return 0;
    }
  }
}
