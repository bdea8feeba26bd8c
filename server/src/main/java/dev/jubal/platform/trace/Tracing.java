package dev.jubal.platform.trace;

import java.util.function.Consumer;

/**
 * Begins the traces of a server's requests, and takes their spans to a collector if there is one.
 */
public final class Tracing implements Traces, AutoCloseable {
  private final Spans spans;
  private final Trace.Ending ending;

  private Tracing(Spans spans, Trace.Ending ending) {
    this.spans = spans;
    this.ending = ending;
  }

  /**
   * That of a server.
   *
   * @param version of the server
   * @throws dev.jubal.platform.config.ConfigException when the collector's headers are none
   */
  public static Tracing open(TelemetryConfig config, String version) {
    Spans spans =
        config.otlp().endpoint().isPresent() ? new Exporting(config, version) : Spans.NONE;
    return new Tracing(spans, new Trace.Ending(false, trace -> {}));
  }

  /** The same, whose traces keep their notes for somebody who reads them when they end. */
  public Tracing telling(Consumer<Trace> reader) {
    return new Tracing(spans, new Trace.Ending(true, reader));
  }

  @Override
  public Trace begin(Begun request) {
    Spans.Begun begun = spans.begin(request, TraceParent.of(request.header().apply("traceparent")));
    return Trace.of(request.requestId(), begun.traceId(), begun.track().orElse(null), ending);
  }

  /** What became of a span. */
  public enum Outcome {
    EXPORTED,
    /** Too many waited for the collector. */
    DROPPED,
    /** The collector did not take it. */
    FAILED
  }

  /** How many spans that became of. */
  public long count(Outcome outcome) {
    return spans.count(outcome);
  }

  @Override
  public void close() {
    spans.close();
  }
}
