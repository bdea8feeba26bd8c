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
 */
public record Sampling(
    float temperature,
    float topP,
    int topK,
    float minP,
    float frequencyPenalty,
    float presencePenalty,
    Map<Integer, Float> logitBias,
    long seed) {
  public Sampling {
    logitBias = Map.copyOf(logitBias);
  }

  public static Sampling greedy() {
    return new Sampling(0, 1, 0, 0, 0, 0, Map.of(), 0);
  }
}
