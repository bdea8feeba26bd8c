package dev.jubal.llama.scheduler;

import dev.jubal.llama.Artefacts;
import dev.jubal.llama.EngineLoad;
import dev.jubal.llama.EngineStats;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Prints how fast the engine inside this process is, on the artefacts of the tests. */
final class SlotEngineLoad {
  private SlotEngineLoad() {}

  /** Arguments: numbers of streams, by default 1 8 16. */
  public static void main(String[] args) throws InterruptedException {
    int[] streams = {1, 8, 16};
    if (args.length > 0) {
      streams = Stream.of(args).mapToInt(Integer::parseInt).toArray();
    }
    int slots = IntStream.of(streams).max().orElse(1);
    try (SlotEngine engine = SlotEngine.open(Artefacts.options(slots, 1024, 0))) {
      EngineLoad load = new EngineLoad(engine);
      long seed = 1;
      for (int count : streams) {
        EngineLoad.Result cold = load.run(count, seed);
        EngineLoad.Result cached = load.run(1, seed + count - 1);
        EngineStats stats = engine.stats();
        System.out.printf(
            "%2d streams: %6.1f tok/s, slowest first text %7.0f ms, cached %5.1f ms, sampling %4.1f"
                + " us/token%n",
            count,
            cold.tokensPerSecond(),
            cold.slowestFirstMillis(),
            cached.slowestFirstMillis(),
            stats.sampleNanos() / 1e3 / stats.completionTokens());
        seed += count;
      }
    }
  }
}
