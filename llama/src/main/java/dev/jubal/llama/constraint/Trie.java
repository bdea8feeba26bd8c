package dev.jubal.llama.constraint;

import java.util.Arrays;

/**
 * The bytes of all tokens as a trie, in the order of a walk: the nodes below a node follow it, up
 * to its end, so that a walk leaves what does not fit in one step. Node 0 is the root.
 */
final class Trie {
  private static final int NONE = -1;

  private final byte[] octets;
  private final int[] depths;
  private final int[] ends;
  private final int[] tokens;
  private final int[] same;
  private final int deepest;

  /**
   * @param tokens the bytes of each token; an empty one is left out
   */
  Trie(byte[][] tokens) {
    int[] order = order(tokens);
    int room = 1;
    int longest = 0;
    for (int token : order) {
      room += tokens[token].length;
      longest = Math.max(longest, tokens[token].length);
    }
    byte[] octet = new byte[room];
    int[] depth = new int[room];
    int[] first = new int[room];
    Arrays.fill(first, NONE);
    this.same = new int[tokens.length];
    Arrays.fill(same, NONE);
    this.deepest = longest;
    int[] path = new int[longest + 1];
    int count = 1;
    byte[] before = new byte[0];
    for (int token : order) {
      byte[] bytes = tokens[token];
      int common = Arrays.mismatch(before, bytes);
      for (int i = common < 0 ? bytes.length : common; i < bytes.length; i++) {
        octet[count] = bytes[i];
        depth[count] = i + 1;
        path[i + 1] = count++;
      }
      int node = path[bytes.length];
      same[token] = first[node];
      first[node] = token;
      before = bytes;
    }
    this.octets = Arrays.copyOf(octet, count);
    this.depths = Arrays.copyOf(depth, count);
    this.tokens = Arrays.copyOf(first, count);
    this.ends = ends(depths, longest);
  }

  private static int[] order(byte[][] tokens) {
    Integer[] order = new Integer[tokens.length];
    int count = 0;
    for (int token = 0; token < tokens.length; token++) {
      if (tokens[token].length > 0) {
        order[count++] = token;
      }
    }
    Arrays.sort(order, 0, count, (a, b) -> Arrays.compareUnsigned(tokens[a], tokens[b]));
    int[] sorted = new int[count];
    for (int i = 0; i < count; i++) {
      sorted[i] = order[i];
    }
    return sorted;
  }

  private static int[] ends(int[] depths, int longest) {
    int[] ends = new int[depths.length];
    int[] open = new int[longest + 2];
    int count = 0;
    for (int node = 0; node < depths.length; node++) {
      while (count > 0 && depths[open[count - 1]] >= depths[node]) {
        ends[open[--count]] = node;
      }
      open[count++] = node;
    }
    while (count > 0) {
      ends[open[--count]] = depths.length;
    }
    return ends;
  }

  int nodes() {
    return octets.length;
  }

  int octet(int node) {
    return octets[node] & 255;
  }

  int depth(int node) {
    return depths[node];
  }

  /** The node behind all below this one. */
  int end(int node) {
    return ends[node];
  }

  /** The length of the longest token. */
  int deepest() {
    return deepest;
  }

  /** A token that ends here, or -1; {@link #same} gives the others. */
  int token(int node) {
    return tokens[node];
  }

  /** Another token with the same bytes, or -1. */
  int same(int token) {
    return same[token];
  }

  /** Sets the bits of the tokens that end at a node. */
  void mark(int node, long[] bits) {
    for (int token = tokens[node]; token >= 0; token = same[token]) {
      bits[token >> 6] |= 1L << token;
    }
  }

  /**
   * Sets the bits of the tokens that begin like a text from some index on, or that it begins like.
   *
   * @param last one more byte at the end of the text; -1 for none
   */
  void along(byte[] text, int from, int last, long[] bits) {
    int node = 0;
    int length = text.length + (last < 0 ? 0 : 1);
    for (int i = from; i < length && node >= 0; i++) {
      node = child(node, (byte) (i < text.length ? text[i] : last));
      if (node >= 0) {
        mark(node, bits);
      }
    }
    for (int below = node + 1; node >= 0 && below < ends[node]; below++) {
      mark(below, bits);
    }
  }

  private int child(int node, byte octet) {
    int child = node + 1;
    while (child < ends[node] && octets[child] != octet) {
      child = ends[child];
    }
    return child < ends[node] ? child : -1;
  }

  /** Memory held. */
  long bytes() {
    return 13L * octets.length + 4L * same.length;
  }
}
