package dev.jubal.platform.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.List;

/** A span of OpenTelemetry. */
final class SpanTrack implements Track {
  private final Tracer tracer;
  private final Span span;
  private final Context within;

  SpanTrack(Tracer tracer, Span span, Context parent) {
    this.tracer = tracer;
    this.span = span;
    this.within = parent.with(span);
  }

  @Override
  public Track begin(String name) {
    Span child =
        tracer.spanBuilder(name).setParent(within).setSpanKind(SpanKind.INTERNAL).startSpan();
    return new SpanTrack(tracer, child, within);
  }

  @Override
  public void rename(String name) {
    span.updateName(name);
  }

  @Override
  public void set(String key, String value) {
    span.setAttribute(key, value);
  }

  @Override
  public void set(String key, long value) {
    span.setAttribute(key, value);
  }

  @Override
  public void set(String key, boolean value) {
    span.setAttribute(key, value);
  }

  @Override
  public void set(String key, double value) {
    span.setAttribute(key, value);
  }

  @Override
  public void set(String key, List<String> value) {
    span.setAttribute(AttributeKey.stringArrayKey(key), value);
  }

  @Override
  public void event(String name, String key, long value) {
    span.addEvent(name, Attributes.of(AttributeKey.longKey(key), value));
  }

  @Override
  public void fail(String type) {
    span.setStatus(StatusCode.ERROR);
    span.setAttribute("error.type", type);
  }

  @Override
  public void end() {
    span.end();
  }
}
