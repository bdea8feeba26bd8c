package dev.jubal.llama;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The requests that the contracts of an engine are written in. */
public final class Requests {
  private Requests() {}

  /** A user's turn in the default model's template. */
  public static List<Segment> chat(String text) {
    return List.of(
        new Segment("<|im_start|>user\n", true),
        new Segment(text, false),
        new Segment("<|im_end|>\n<|im_start|>assistant\n", true));
  }

  /** A greedy answer. */
  public static EngineRequest request(String text, int maxTokens) {
    return new EngineRequest(
        chat(text),
        Sampling.greedy(),
        1,
        new EngineRequest.Limits(maxTokens, List.of(), false),
        -1);
  }

  /** A greedy answer that only its length ends. */
  public static EngineRequest endless(String text, int maxTokens) {
    return new EngineRequest(
        chat(text), Sampling.greedy(), 1, new EngineRequest.Limits(maxTokens, List.of(), true), -1);
  }

  /** An answer drawn with a seed. */
  public static EngineRequest sampled(List<Segment> prompt, long seed, int maxTokens) {
    Sampling sampling = new Sampling(1, 0.95f, 0, 0, 0, 0, Map.of(), seed);
    return new EngineRequest(
        prompt, sampling, 1, new EngineRequest.Limits(maxTokens, List.of(), false), -1);
  }

  /** The same with stop texts. */
  public static EngineRequest with(EngineRequest request, List<String> stop) {
    return new EngineRequest(
        request.prompt(),
        request.sampling(),
        1,
        new EngineRequest.Limits(request.limits().maxTokens(), stop, false),
        -1);
  }

  /** The same with several choices. */
  public static EngineRequest choices(EngineRequest request, int choices) {
    return new EngineRequest(
        request.prompt(),
        request.sampling(),
        choices,
        new EngineRequest.Limits(
            request.limits().maxTokens(), List.of(), request.limits().ignoreEnd()),
        -1);
  }

  /** The same, greedy, with biases. */
  public static EngineRequest biased(EngineRequest request, Map<Integer, Float> bias) {
    return new EngineRequest(
        request.prompt(),
        new Sampling(0, 1, 0, 0, 0, 0, bias, 0),
        1,
        new EngineRequest.Limits(request.limits().maxTokens(), List.of(), false),
        -1);
  }

  /** The same with another queue. */
  public static EngineOptions withQueue(EngineOptions options, int size, Duration wait) {
    return new EngineOptions(
        options.library(),
        options.model(),
        options.slots(),
        options.contextTokens(),
        options.threads(),
        options.device(),
        size,
        wait);
  }
}
