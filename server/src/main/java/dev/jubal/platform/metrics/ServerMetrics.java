package dev.jubal.platform.metrics;

import dev.jubal.platform.http.RequestObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * The registry and its words. Thread-safe; nothing here blocks.
 *
 * <p>Labels come as names and values by turns. However many values a label is given, those beyond
 * its bound ({@link MetricsConfig}) are counted as {@code other}.
 */
public final class ServerMetrics implements RequestObserver, AutoCloseable {
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(5),
    Duration.ofMillis(25),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(2),
    Duration.ofSeconds(10),
    Duration.ofSeconds(60),
    Duration.ofMinutes(10)
  };

  private static final List<String> TURNED_AWAY =
      List.of("head_timeout", "body_idle", "body_timeout", "memory", "connections", "calm");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final List<LongSupplier> counted = new CopyOnWriteArrayList<>();
  private final Map<List<String>, Timer> timers = new ConcurrentHashMap<>();
  private final Map<List<String>, Counter> counters = new ConcurrentHashMap<>();
  private final LabelBounds bounds;

  public ServerMetrics(MetricsConfig config) {
    this.bounds = new LabelBounds(Map.of("team", config.teams(), "model", config.models()));
    TURNED_AWAY.forEach(reason -> turnedAway(reason, 0)); // so that the first is seen as a change
  }

  /** One with the usual bounds. */
  public ServerMetrics() {
    this(MetricsConfig.STANDARD);
  }

  @Override
  public void finished(Finished request) {
    time(
        "jubal.http.requests",
        "HTTP requests, from the head to the last byte.",
        request.duration(),
        "endpoint",
        request.endpoint(),
        "method",
        request.method(),
        "status",
        Integer.toString(request.status()));
  }

  @Override
  public void turnedAway(String reason) {
    turnedAway(reason, 1);
  }

  private void turnedAway(String reason, long count) {
    add(
        "jubal.http.turned.away",
        "Heads, bodies and connections given up: too slow, too many, or no memory left for them.",
        count,
        "reason",
        reason);
  }

  /** Notes how long something took. */
  public void time(String name, String help, Duration took, String... labels) {
    timers
        .computeIfAbsent(
            key(name, labels),
            key ->
                Timer.builder(name)
                    .description(help)
                    .tags(tags(labels))
                    .serviceLevelObjectives(BUCKETS)
                    .register(registry))
        .record(took);
  }

  /** The same without its distribution: count, sum and the greatest of the last minutes. */
  public void sum(String name, String help, Duration took, String... labels) {
    timers
        .computeIfAbsent(
            key(name, labels),
            key -> Timer.builder(name).description(help).tags(tags(labels)).register(registry))
        .record(took);
  }

  /** Adds to a counter. */
  public void add(String name, String help, long amount, String... labels) {
    counters
        .computeIfAbsent(
            key(name, labels),
            key -> Counter.builder(name).description(help).tags(tags(labels)).register(registry))
        .increment((double) amount);
  }

  /**
   * Shows a value that is asked for at each scrape; one whose label is beyond its bound is not
   * shown, as there is no sum of gauges.
   */
  public void gauge(String name, String help, DoubleSupplier value, String... labels) {
    Tags tags = tags(labels);
    if (!tags.equals(Tags.of(labels))) {
      return;
    }
    Gauge.builder(name, value::getAsDouble)
        .description(help)
        .tags(tags)
        .strongReference(true)
        .register(registry);
  }

  /** Shows a value of {@link #gauge} no longer. */
  public void hide(String name, String... labels) {
    registry.find(name).tags(tags(labels)).gauges().forEach(registry::remove);
  }

  /** Shows a count that something else keeps, and that only grows. */
  public void counter(String name, String help, LongSupplier value, String... labels) {
    counted.add(value); // the registry holds it weakly
    FunctionCounter.builder(name, value, LongSupplier::getAsLong)
        .description(help)
        .tags(tags(labels))
        .register(registry);
  }

  /** By which a meter is found, in less time than the registry takes. */
  private List<String> key(String name, String... labels) {
    List<String> key = new ArrayList<>(labels.length + 1);
    key.add(name);
    for (int i = 0; i < labels.length; i += 2) {
      key.add(labels[i]);
      key.add(bounds.value(labels[i], labels[i + 1]));
    }
    return key;
  }

  private Tags tags(String... labels) {
    List<Tag> tags = new ArrayList<>(labels.length / 2);
    for (int i = 0; i < labels.length; i += 2) {
      tags.add(Tag.of(labels[i], bounds.value(labels[i], labels[i + 1])));
    }
    return Tags.of(tags);
  }

  /** All of it in the text form of Prometheus. */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    registry.close();
  }
}
