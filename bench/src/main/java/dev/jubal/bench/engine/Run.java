package dev.jubal.bench.engine;

import java.util.Arrays;

/**
 * What one run of some prompts took.
 *
 * @param nanos from the first submission to the last token
 * @param firstNanos to the first token of each prompt
 * @param cpuMillis of all processes involved
 * @param tokens asked for and made, over all prompts
 */
public record Run(long nanos, long[] firstNanos, long cpuMillis, long tokens) {

  /** Tokens a second over the whole run, prefill included. */
  public double perSecond() {
    return tokens * 1e9 / nanos;
  }

  /** Tokens a second from the last first token on: the speed of decoding alone. */
  public double decodePerSecond() {
    long slowest = Arrays.stream(firstNanos).max().orElse(0);
    // those made before are few, and known only to lie below this bound
    return (tokens - firstNanos.length) * 1e9 / Math.max(1, nanos - slowest);
  }

  public double firstMillis() {
    long[] sorted = firstNanos.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2] / 1e6;
  }

  public double cpuMillisPerToken() {
    return (double) cpuMillis / tokens;
  }

  public String text() {
    return "%.1f tok/s (decode %.1f, first token %.0f ms, %.1f ms of CPU a token, %d tokens)"
        .formatted(perSecond(), decodePerSecond(), firstMillis(), cpuMillisPerToken(), tokens);
  }
}
