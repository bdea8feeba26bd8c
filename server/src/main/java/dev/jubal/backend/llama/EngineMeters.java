package dev.jubal.backend.llama;

import dev.jubal.llama.EngineStats;
import dev.jubal.llama.host.EngineHost;
import dev.jubal.llama.host.LoadedModel;
import dev.jubal.platform.metrics.ServerMetrics;
import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the embedded engines do, in the metrics: sums over the models that are loaded, so counts
 * start anew when a model is unloaded. Asking an engine crosses to its worker; the answers serve
 * one scrape. Thread-safe.
 */
public final class EngineMeters {
  private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

  private final EngineHost host;
  private @Nullable List<LoadedModel> seen;
  private long seenNanos;

  private EngineMeters(EngineHost host) {
    this.host = host;
  }

  /**
   * Shows the engines of a host.
   *
   * @param slots of each model
   */
  public static void bind(EngineHost host, int slots, ServerMetrics metrics) {
    EngineMeters of = new EngineMeters(host);
    metrics.gauge("jubal.engine.models", "Models loaded.", () -> of.loaded().size());
    metrics.gauge(
        "jubal.engine.slots",
        "Slots of the models that are loaded.",
        () -> (double) of.loaded().size() * slots);
    of.gauge(metrics, "busy.slots", "Slots that hold a running choice.", EngineStats::busySlots);
    of.gauge(metrics, "queue", "Requests that wait for a slot.", EngineStats::queued);
    of.count(metrics, "decode.steps", "Calls of the library's decode.", EngineStats::decodeSteps);
    of.count(metrics, "decode.nanos", "Nanoseconds within them.", EngineStats::decodeNanos);
    of.count(metrics, "sample.nanos", "Nanoseconds sampling.", EngineStats::sampleNanos);
    of.count(metrics, "prompt.tokens", "Prompt tokens computed.", EngineStats::promptTokens);
    of.count(
        metrics,
        "cached.tokens",
        "Prompt tokens a cached prefix saved.",
        EngineStats::cachedTokens);
    of.count(metrics, "completion.tokens", "Tokens generated.", EngineStats::completionTokens);
    of.count(metrics, "restarts", "Worker processes replaced.", EngineStats::restarts);
  }

  private void gauge(
      ServerMetrics metrics, String name, String help, ToLongFunction<EngineStats> part) {
    metrics.gauge("jubal.engine." + name, help, () -> (double) sum(part));
  }

  private void count(
      ServerMetrics metrics, String name, String help, ToLongFunction<EngineStats> part) {
    metrics.counter("jubal.engine." + name, help, () -> sum(part));
  }

  private long sum(ToLongFunction<EngineStats> part) {
    return loaded().stream().map(LoadedModel::stats).mapToLong(part).sum();
  }

  private synchronized List<LoadedModel> loaded() {
    List<LoadedModel> known = seen;
    if (known == null || System.nanoTime() - seenNanos > FRESH_NANOS) {
      known = host.loaded();
      seen = known;
      seenNanos = System.nanoTime();
    }
    return known;
  }
}
