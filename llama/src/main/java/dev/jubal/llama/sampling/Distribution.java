package dev.jubal.llama.sampling;

import java.lang.foreign.MemorySegment;

/**
 * Logarithms of the probabilities a row of logits gives, before any bias, penalty or cut. Used
 * again for row after row; not thread-safe.
 */
public final class Distribution {
  private final int vocabulary;
  private final double[] blocks;
  private final long[] keys;
  private MemorySegment row = MemorySegment.NULL;
  private double logTotal;
  private int count;

  /**
   * @param vocabulary number of tokens
   * @param most how many alternatives {@link #read} may be asked for
   */
  public Distribution(int vocabulary, int most) {
    this.vocabulary = vocabulary;
    this.blocks = new double[vocabulary / Row.BLOCK + 1];
    this.keys = new long[Math.max(1, most)];
  }

  /** Takes a row, and ranks the {@code top} likeliest tokens. */
  public void read(MemorySegment logits, int top) {
    row = logits;
    float max = Row.max(row, vocabulary);
    logTotal = max + Math.log(Row.expSum(row, vocabulary, max, 1, blocks));
    count = top == 0 ? 0 : Row.largest(row, vocabulary, top, keys);
  }

  /** The natural logarithm of a token's probability, at most 0. */
  public float logprob(int token) {
    return (float) Math.min(0, Row.get(row, token) - logTotal);
  }

  /** How many alternatives there are. */
  public int count() {
    return count;
  }

  /** The token that is at {@code rank} among the likeliest, 0 the likeliest. */
  public int token(int rank) {
    return Ranked.id(keys[count - 1 - rank]);
  }
}
