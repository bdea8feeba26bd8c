package dev.jubal.llama;

import java.util.Map;

/**
 * How the next token is drawn from the logits.
 *
 * <p>Order: logit bias, penalties, then temperature 0 or top_p 0 picks the likeliest; else top_k,
 * top_p and min_p cut the tail, temperature scales, and a seeded draw decides.
 *
 * @param temperature 0 to 2; 0 is greedy
 * @param topP nucleus mass, 0 to 1; 0 is greedy, 1 is off
 * @param topK how many candidates stay; 0 is off
 * @param minP least probability relative to the likeliest, 0 to 1; 0 is off
 * @param frequencyPenalty subtracted from a logit once per earlier occurrence, -2 to 2
 * @param presencePenalty subtracted from a logit once if it occurred, -2 to 2
 * @param logitBias added to the logits of these token ids, -100 (never) to 100
 * @param seed of the draw; choice {@code i} draws with a seed derived from it and {@code i}
 * @param repeatable whether the same request must give the same text whatever was computed before
 *     it, as far as {@code DecodeLoop} says; costs up to 64 tokens of a prompt that is in memory
 */
public record Sampling(
    float temperature,
    float topP,
    int topK,
    float minP,
    float frequencyPenalty,
    float presencePenalty,
    Map<Integer, Float> logitBias,
    long seed,
    boolean repeatable) {
  public Sampling {
    logitBias = Map.copyOf(logitBias);
  }

  /** A draw whose logits may depend, in their last bits, on what is in memory. */
  public Sampling(
      float temperature,
      float topP,
      int topK,
      float minP,
      float frequencyPenalty,
      float presencePenalty,
      Map<Integer, Float> logitBias,
      long seed) {
    this(temperature, topP, topK, minP, frequencyPenalty, presencePenalty, logitBias, seed, false);
  }

  /** The same draw, repeatable. */
  public Sampling repeatably() {
    return new Sampling(
        temperature, topP, topK, minP, frequencyPenalty, presencePenalty, logitBias, seed, true);
  }

  public static Sampling greedy() {
    return new Sampling(0, 1, 0, 0, 0, 0, Map.of(), 0);
  }
}
