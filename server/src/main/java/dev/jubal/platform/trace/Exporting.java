package dev.jubal.platform.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.Optional;
import java.util.UUID;

/** Spans that go to a collector, by OTLP in protobuf over HTTP. */
final class Exporting implements Spans {
  private final SpanQueue queue;
  private final SdkTracerProvider provider;
  private final Tracer tracer;

  Exporting(TelemetryConfig config, String version) {
    this.queue =
        new SpanQueue(exporter(config.otlp()), config.otlp().queue(), config.otlp().timeout());
    this.provider =
        SdkTracerProvider.builder()
            .setResource(
                Resource.getDefault()
                    .merge(
                        Resource.create(
                            Attributes.of(
                                AttributeKey.stringKey("service.name"),
                                config.serviceName(),
                                AttributeKey.stringKey("service.version"),
                                version,
                                AttributeKey.stringKey("service.instance.id"),
                                UUID.randomUUID().toString()))))
            .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(config.sample() / 100.0)))
            .addSpanProcessor(queue)
            .build();
    this.tracer = provider.get("dev.jubal");
  }

  private static OtlpHttpSpanExporter exporter(TelemetryConfig.Otlp config) {
    OtlpHttpSpanExporterBuilder b =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(config.traces())
            .setCompression("gzip")
            .setConnectTimeout(config.timeout())
            .setTimeout(config.timeout())
            .setRetryPolicy(null); // else tries pile up behind a collector that is gone
    config.headerValues().forEach(b::addHeader);
    return b.build();
  }

  @Override
  public Begun begin(Traces.Begun request, Optional<TraceParent> caller) {
    Context parent =
        caller.map(p -> Context.root().with(Span.wrap(remote(p)))).orElse(Context.root());
    Span span =
        tracer
            .spanBuilder(request.name())
            .setParent(parent)
            .setSpanKind(request.served() ? SpanKind.SERVER : SpanKind.CONSUMER)
            .startSpan();
    String traceId = span.getSpanContext().getTraceId();
    return new Begun(
        traceId,
        span.isRecording() ? Optional.of(new SpanTrack(tracer, span, parent)) : Optional.empty());
  }

  private static SpanContext remote(TraceParent p) {
    return SpanContext.createFromRemoteParent(
        p.traceId(),
        p.spanId(),
        p.sampled() ? TraceFlags.getSampled() : TraceFlags.getDefault(),
        TraceState.getDefault());
  }

  @Override
  public long count(Tracing.Outcome outcome) {
    return switch (outcome) {
      case EXPORTED -> queue.exported();
      case DROPPED -> queue.dropped();
      case FAILED -> queue.failed();
    };
  }

  @Override
  public void close() {
    var _ = provider.shutdown();
  }
}
