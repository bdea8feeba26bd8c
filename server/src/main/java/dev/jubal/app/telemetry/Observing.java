package dev.jubal.app.telemetry;

import dev.jubal.platform.http.RequestObserver;
import dev.jubal.platform.log.LogConfig;
import dev.jubal.platform.metrics.ServerMetrics;
import dev.jubal.platform.trace.TelemetryConfig;
import dev.jubal.platform.trace.Trace;
import dev.jubal.platform.trace.Traces;
import dev.jubal.platform.trace.Tracing;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Sees each request: for metrics, for its trace, and for its line of the log. Thread-safe. */
public final class Observing implements RequestObserver, AutoCloseable {
  private static final Logger LOG = Logger.getLogger("dev.jubal.request");

  private final ServerMetrics metrics;
  private final Tracing tracing;

  /** Of a server of some version. */
  public Observing(
      LogConfig log, TelemetryConfig telemetry, String version, ServerMetrics metrics) {
    this.metrics = metrics;
    Tracing all = Tracing.open(telemetry, version);
    for (Tracing.Outcome outcome : Tracing.Outcome.values()) {
      metrics.counter(
          "jubal.trace.spans",
          "Spans of traces, by what became of them.",
          () -> all.count(outcome),
          "outcome",
          outcome.name().toLowerCase(Locale.ROOT));
    }
    this.tracing = log.tellsRequests() ? all.telling(Observing::tell) : all;
  }

  @Override
  public Trace began(Traces.Begun request) {
    return tracing.begin(request);
  }

  @Override
  public void finished(Finished request) {
    metrics.finished(request);
    Trace trace = request.trace();
    trace.note("endpoint", request.endpoint());
    trace.note("method", request.method());
    trace.note("status", request.status());
    trace.note("duration_ms", request.duration().toMillis());
    trace.set("http.response.status_code", request.status());
    request.clientRequestId().ifPresent(id -> trace.note("client_request_id", id));
    if (request.status() >= 500) { // what a client does wrong is no error of the server's span
      trace.fail(Integer.toString(request.status()));
    }
    trace.end();
  }

  @Override
  public void turnedAway(String reason) {
    metrics.turnedAway(reason);
  }

  /** One line of a request that is over. */
  private static void tell(Trace trace) {
    Map<String, Object> fields = trace.notes();
    LogRecord entry = new LogRecord(Level.INFO, "request");
    entry.setLoggerName(LOG.getName());
    entry.setParameters(new Object[] {fields});
    trace.run(() -> LOG.log(entry));
  }

  @Override
  public void close() {
    tracing.close();
  }
}
