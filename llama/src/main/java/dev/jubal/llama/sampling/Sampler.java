package dev.jubal.llama.sampling;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.jubal.llama.Sampling;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * Draws the tokens of one choice. Keeps what it drew, for the penalties, and the state of its
 * random numbers; so the same seed over the same logits gives the same tokens.
 *
 * <p>Not thread-safe. A draw allocates nothing but a few escape-analysed objects.
 */
public final class Sampler {
  /** A bias of this or less forbids the token, as the dialects promise for -100. */
  private static final float NEVER = -100;

  /** The first guess how far below the likeliest logit the nucleus reaches: e^-4 is 2 %. */
  private static final float FIRST_REACH = 4;

  private static final float STEP = 1.4f;

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final Sampling sampling;
  private final int vocabulary;
  private final int[] biasIds;
  private final float[] biases;
  private final boolean penalties;
  private final Occurrences drawn = new Occurrences();
  private long random;

  /**
   * @param choice index of the choice: each of a request draws numbers of its own
   * @param vocabulary number of tokens
   * @throws IllegalArgumentException if a value is out of its range or a biased token is unknown
   */
  public Sampler(Sampling sampling, int choice, int vocabulary) {
    check(sampling, vocabulary);
    this.sampling = sampling;
    this.vocabulary = vocabulary;
    this.penalties = sampling.frequencyPenalty() != 0 || sampling.presencePenalty() != 0;
    this.random = mix(sampling.seed()) + choice * mix(GOLDEN);
    this.biasIds = new int[sampling.logitBias().size()];
    this.biases = new float[biasIds.length];
    int i = 0;
    for (Map.Entry<Integer, Float> bias : sampling.logitBias().entrySet()) {
      biasIds[i] = bias.getKey();
      biases[i++] = bias.getValue();
    }
  }

  private static void check(Sampling sampling, int vocabulary) {
    range("temperature", sampling.temperature(), 0, 2);
    range("topP", sampling.topP(), 0, 1);
    range("minP", sampling.minP(), 0, 1);
    range("topK", sampling.topK(), 0, Integer.MAX_VALUE);
    range("frequencyPenalty", sampling.frequencyPenalty(), -2, 2);
    range("presencePenalty", sampling.presencePenalty(), -2, 2);
    for (Map.Entry<Integer, Float> bias : sampling.logitBias().entrySet()) {
      range("logitBias of token " + bias.getKey(), bias.getValue(), -100, 100);
      if (bias.getKey() < 0 || bias.getKey() >= vocabulary) {
        throw new IllegalArgumentException(
            "logitBias: token " + bias.getKey() + " (expected: 0.." + (vocabulary - 1) + ")");
      }
    }
  }

  private static void range(String name, float value, float least, float most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + least + ".." + most + ")");
    }
  }

  /**
   * Draws a token. It does not count as an earlier occurrence until it was {@link #took taken}.
   *
   * @param logits one float a token; it is only read
   * @throws IllegalStateException if the logits are not numbers or every token is forbidden
   */
  public int draw(MemorySegment logits, Workspace space) {
    MemorySegment row = changed(logits, space);
    float max = Row.max(row, vocabulary);
    if (!finite(max)) {
      throw new IllegalStateException("largest logit: " + max + " (expected: a finite number)");
    }
    return pick(row, max, space);
  }

  /**
   * Draws as {@link #draw}, with some tokens likelier than the model makes them. A token that a
   * bias forbids stays forbidden.
   *
   * @param raised the tokens
   * @param by what is added to their logits
   */
  public int drawRaised(MemorySegment logits, int[] raised, float by, Workspace space) {
    MemorySegment row = space.row;
    if (unchanged()) {
      MemorySegment.copy(logits, 0, row, 0, 4L * vocabulary);
    } else {
      row = changed(logits, space);
    }
    for (int id : raised) {
      add(row, id, by);
    }
    float max = Row.max(row, vocabulary);
    if (!finite(max)) {
      throw new IllegalStateException("largest logit: " + max + " (expected: a finite number)");
    }
    return pick(row, max, space);
  }

  /**
   * Draws among the tokens of a mask, which forbids before top_k, top_p and min_p cut: so the cuts
   * apply to what is legal. For use after {@link #draw} gave a token that is not; the two together
   * draw, without a cut, exactly as this alone would: {@code p + (1 - P) p / P = p / P} for a token
   * of probability {@code p} among legal ones of probability {@code P}. Greedy ones agree always.
   *
   * <p>A bias never breaks the form: where biases forbid every legal token, they are ignored.
   *
   * @param mask one bit a token, bit {@code t & 63} of word {@code t >> 6}
   * @throws IllegalStateException if the logits are not numbers or the mask is empty
   */
  public int drawLegal(MemorySegment logits, long[] mask, Workspace space) {
    MemorySegment row = space.row;
    float max = Row.keep(changed(logits, space), row, vocabulary, mask);
    if (max == Float.NEGATIVE_INFINITY) {
      max = Row.keep(logits, row, vocabulary, mask);
    }
    if (max == Float.NEGATIVE_INFINITY) {
      return first(mask);
    }
    if (!finite(max)) {
      throw new IllegalStateException("largest logit: " + max + " (expected: a finite number)");
    }
    return pick(row, max, space);
  }

  /** Counts a token as an occurrence, be it drawn or written without asking the model. */
  public void took(int token) {
    if (penalties) {
      drawn.add(token);
    }
  }

  private int pick(MemorySegment row, float max, Workspace space) {
    return greedy() ? Row.find(row, vocabulary, max) : drawn(row, max, space);
  }

  private static boolean finite(float value) {
    return Math.abs(value) <= Float.MAX_VALUE;
  }

  /** The model gave every legal token no chance at all; the form still wants one. */
  private int first(long[] mask) {
    for (int word = 0; word < mask.length; word++) {
      int token = (word << 6) + Long.numberOfTrailingZeros(mask[word]);
      if (mask[word] != 0 && token < vocabulary) {
        return token;
      }
    }
    throw new IllegalStateException("legal tokens: 0 (expected: at least one)");
  }

  private boolean greedy() {
    return sampling.temperature() == 0 || sampling.topP() == 0;
  }

  private boolean unchanged() {
    return biasIds.length == 0 && !penalties;
  }

  /** The row with biases and penalties; the row itself if there are none. */
  private MemorySegment changed(MemorySegment logits, Workspace space) {
    if (unchanged()) {
      return logits;
    }
    MemorySegment row = space.row;
    MemorySegment.copy(logits, 0, row, 0, 4L * vocabulary);
    for (int i = 0; i < biasIds.length; i++) {
      add(row, biasIds[i], biases[i] <= NEVER ? Float.NEGATIVE_INFINITY : biases[i]);
    }
    if (penalties) {
      drawn.each(
          (id, count) ->
              add(row, id, -sampling.presencePenalty() - count * sampling.frequencyPenalty()));
    }
    return row;
  }

  private static void add(MemorySegment row, int id, float amount) {
    row.setAtIndex(JAVA_FLOAT, id, row.getAtIndex(JAVA_FLOAT, id) + amount);
  }

  private int drawn(MemorySegment row, float max, Workspace space) {
    boolean cutsByCount = sampling.topK() > 0 && sampling.topK() < vocabulary;
    if (!cutsByCount && sampling.topP() >= 1 && sampling.minP() == 0) {
      return fromAll(row, max, space);
    }
    float least = sampling.minP() == 0 ? -Float.MAX_VALUE : max + (float) Math.log(sampling.minP());
    int count;
    int nucleus;
    if (cutsByCount) {
      count = Row.largest(row, vocabulary, sampling.topK(), space.keys);
      nucleus =
          sampling.topP() >= 1 ? count : nucleus(space.keys, count, max, mass(space, count, max));
    } else if (sampling.topP() < 1) {
      double total = Row.expSum(row, vocabulary, max, 1, space.blocks);
      count = likely(row, max, least, total, space);
      nucleus = heapNucleus(space.keys, count, max, total);
    } else {
      count = Row.atLeast(row, vocabulary, least, space.keys);
      nucleus = count;
    }
    return fromLast(space, count, nucleus, max, least);
  }

  /**
   * Gathers, as a heap, the likeliest tokens: enough to hold the nucleus or, if fewer, all that
   * min_p leaves. Reaching down step by step keeps the heap small, as most tokens are unlikely.
   */
  private int likely(MemorySegment row, float max, float least, double total, Workspace space) {
    float reach = FIRST_REACH;
    float threshold = Math.max(max - reach, least);
    // Short of the wanted mass by rounding, at the latest beyond 100 nothing has weight any more.
    while (threshold > least
        && reach < 100
        && Row.expSumAtLeast(row, vocabulary, max, threshold) < sampling.topP() * total) {
      reach *= STEP;
      threshold = Math.max(max - reach, least);
    }
    int count = Row.atLeast(row, vocabulary, threshold, space.keys);
    Ranked.heap(space.keys, count);
    return count;
  }

  private static double mass(Workspace space, int count, float max) {
    double mass = 0;
    for (int i = 0; i < count; i++) {
      mass += Math.exp(Ranked.value(space.keys[i]) - max);
    }
    return mass;
  }

  /** As {@link #nucleus} of a heap, of which it moves the nucleus to the end, ascending. */
  private int heapNucleus(long[] keys, int count, float max, double total) {
    double wanted = sampling.topP() * total;
    double mass = 0;
    for (int i = 1; i <= count; i++) {
      Ranked.largestLast(keys, count - i + 1);
      mass += Math.exp(Ranked.value(keys[count - i]) - max);
      if (mass >= wanted) {
        return i;
      }
    }
    return count;
  }

  /** How many of the likeliest reach the mass of top_p: at least one. */
  private int nucleus(long[] keys, int count, float max, double total) {
    double wanted = sampling.topP() * total;
    double mass = 0;
    for (int i = 1; i <= count; i++) {
      mass += Math.exp(Ranked.value(keys[count - i]) - max);
      if (mass >= wanted) {
        return i;
      }
    }
    return count;
  }

  /**
   * Draws among the last {@code among} of {@code count} keys whose values are at least so large.
   */
  private int fromLast(Workspace space, int count, int among, float max, float least) {
    double total = 0;
    for (int i = count - among; i < count; i++) {
      total += weight(space.keys[i], max, least);
    }
    double target = nextUnit() * total;
    for (int i = count - 1; i > count - among; i--) {
      target -= weight(space.keys[i], max, least);
      if (target < 0) {
        return Ranked.id(space.keys[i]);
      }
    }
    // What is left: the last one, or, if min_p cut it off and rounding led here, the likeliest.
    long last = space.keys[count - among];
    return Ranked.id(Ranked.value(last) >= least ? last : space.keys[count - 1]);
  }

  private double weight(long key, float max, float least) {
    float value = Ranked.value(key);
    return value < least ? 0 : Math.exp((value - max) / sampling.temperature());
  }

  private int fromAll(MemorySegment row, float max, Workspace space) {
    float scale = 1 / sampling.temperature();
    double target = nextUnit() * Row.expSum(row, vocabulary, max, scale, space.blocks);
    int block = 0;
    while ((block + 1) * Row.BLOCK < vocabulary && target >= space.blocks[block]) {
      target -= space.blocks[block++];
    }
    int end = Math.min(vocabulary, (block + 1) * Row.BLOCK);
    int token = -1;
    for (int i = block * Row.BLOCK; i < end && (token < 0 || target >= 0); i++) {
      double weight = Math.exp((Row.get(row, i) - max) * scale);
      if (weight > 0) {
        token = i;
        target -= weight;
      }
    }
    return token >= 0 ? token : Row.find(row, vocabulary, max);
  }

  /** The next number of SplitMix64, from 0 to below 1. */
  private double nextUnit() {
    random += GOLDEN;
    return (mix(random) >>> 11) * 0x1p-53;
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
