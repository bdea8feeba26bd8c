package dev.jubal.app;

import dev.jubal.llama.EngineStats;
import dev.jubal.llama.host.EngineHost;
import dev.jubal.llama.host.LoadedModel;
import dev.jubal.platform.metrics.ServerMetrics;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Shows what the loaded engines do, summed over models. Workers are asked once a scrape: all
 * figures of a second come from one round.
 */
final class EngineMetrics {
  private static final long FRESH_NANOS = 1_000_000_000L;

  private final EngineHost host;
  private List<LoadedModel> last = List.of();
  private long askedAt = System.nanoTime() - 2 * FRESH_NANOS;

  private EngineMetrics(EngineHost host) {
    this.host = host;
  }

  static void show(EngineHost host, ServerMetrics metrics) {
    EngineMetrics m = new EngineMetrics(host);
    metrics.gauge("jubal.engine.models", "Models loaded.", () -> m.loaded().size());
    metrics.gauge(
        "jubal.engine.busy.slots", "Slots that run.", () -> m.sum(EngineStats::busySlots));
    metrics.gauge(
        "jubal.engine.queued", "Requests that wait for a slot.", () -> m.sum(EngineStats::queued));
    metrics.gauge(
        "jubal.engine.decode.steps",
        "Decode steps of the loaded models.",
        () -> m.sum(EngineStats::decodeSteps));
    metrics.gauge(
        "jubal.engine.restarts",
        "Workers replaced, of the loaded models.",
        () -> m.sum(EngineStats::restarts));
  }

  private double sum(ToLongFunction<EngineStats> figure) {
    return loaded().stream().map(LoadedModel::stats).mapToLong(figure).sum();
  }

  private synchronized List<LoadedModel> loaded() {
    if (System.nanoTime() - askedAt > FRESH_NANOS) {
      last = host.loaded();
      askedAt = System.nanoTime();
    }
    return last;
  }
}
