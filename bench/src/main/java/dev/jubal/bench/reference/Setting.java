package dev.jubal.bench.reference;

import dev.jubal.llama.EngineOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What is compared, and how long.
 *
 * @param library folder of our native library
 * @param shipped the weights as shipped, which llama.cpp's server runs
 * @param chosen our default weights
 * @param threads that compute, for both
 * @param streams how many prompts at once, one load after the other
 * @param rounds in which both run in turn
 * @param folder an empty one, deleted afterwards
 */
record Setting(
    Path library,
    Path shipped,
    Path chosen,
    int threads,
    List<Integer> streams,
    int rounds,
    Path folder) {
  /** Tokens of a slot. */
  static final int CONTEXT = 1024;

  /** Prompts are drawn with it. */
  static final long SEED = 20261124;

  private static final int QUEUE = 256;

  Setting {
    streams = List.copyOf(streams);
  }

  EngineOptions engine(Path weights) {
    int slots = streams.stream().mapToInt(Integer::intValue).max().orElse(1);
    return new EngineOptions(
        library, weights, slots, CONTEXT, threads, "cpu", QUEUE, Duration.ofMinutes(10));
  }

  LlamaServer.Settings reference(Path program, int slots, boolean cached) {
    return new LlamaServer.Settings(program, shipped, slots, CONTEXT, threads, cached);
  }
}
