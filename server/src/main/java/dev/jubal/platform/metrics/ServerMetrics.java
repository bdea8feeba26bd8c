package dev.jubal.platform.metrics;

import dev.jubal.platform.http.RequestObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/** The registry and its words. Thread-safe; nothing here blocks. */
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

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final List<LongSupplier> counted = new CopyOnWriteArrayList<>();

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
    add(
        "jubal.http.turned.away",
        "Heads, bodies and connections given up: too slow, too many, or no memory left for them.",
        1,
        "reason",
        reason);
  }

  /**
   * Notes how long something took.
   *
   * @param labels names and values by turns; the values must be few
   */
  public void time(String name, String help, Duration took, String... labels) {
    Timer.builder(name)
        .description(help)
        .tags(labels)
        .serviceLevelObjectives(BUCKETS)
        .register(registry)
        .record(took);
  }

  /** Adds to a counter. */
  public void add(String name, String help, long amount, String... labels) {
    Counter.builder(name)
        .description(help)
        .tags(labels)
        .register(registry)
        .increment((double) amount);
  }

  /** Shows a value that is asked for at each scrape. */
  public void gauge(String name, String help, DoubleSupplier value, String... labels) {
    Gauge.builder(name, value::getAsDouble)
        .description(help)
        .tags(labels)
        .strongReference(true)
        .register(registry);
  }

  /** Shows a count that something else keeps, and that only grows. */
  public void counter(String name, String help, LongSupplier value, String... labels) {
    counted.add(value); // the registry holds it weakly
    FunctionCounter.builder(name, value, LongSupplier::getAsLong)
        .description(help)
        .tags(labels)
        .register(registry);
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
