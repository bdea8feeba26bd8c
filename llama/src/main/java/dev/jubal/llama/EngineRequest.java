package dev.jubal.llama;

import java.util.List;

/**
 * One unit of work for an engine.
 *
 * @param prompt what the model reads, template included
 * @param sampling how tokens are drawn
 * @param choices how many continuations share the one prefill, 1 to 128
 * @param maxTokens most tokens a choice may have, at least 1; the context bounds it anyway
 * @param stop texts that end a choice and are not part of it
 * @param topLogprobs -1 for none, else how many alternatives to report for each token, 0 to 20
 * @param ignoreEnd go on after an end-of-text token (benchmarks only)
 */
public record EngineRequest(
    List<Segment> prompt,
    Sampling sampling,
    int choices,
    int maxTokens,
    List<String> stop,
    int topLogprobs,
    boolean ignoreEnd) {
  public EngineRequest {
    prompt = List.copyOf(prompt);
    stop = List.copyOf(stop);
    if (choices < 1 || choices > 128) {
      throw new IllegalArgumentException("choices: " + choices + " (expected: 1..128)");
    }
    if (maxTokens < 1) {
      throw new IllegalArgumentException("maxTokens: " + maxTokens + " (expected: >= 1)");
    }
  }
}
