package dev.jubal.platform.trace;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spans on their way to the collector: ended ones wait here, and one thread sends them in batches.
 * Who ends a span never waits: one that finds no place is dropped, and counted.
 */
final class SpanQueue implements SpanProcessor {
  private static final int BATCH = 512;

  /** So that spans of requests that come together go together. */
  private static final Duration GATHER = Duration.ofMillis(500);

  /** How often a collector that is gone is told of. */
  private static final Duration AGAIN = Duration.ofMinutes(1);

  private static final Logger log = LoggerFactory.getLogger(SpanQueue.class);
  private static final Duration AT_END = Duration.ofSeconds(2);

  private final SpanExporter exporter;
  private final Duration timeout;
  private final BlockingQueue<ReadableSpan> waiting;
  private final LongAdder exported = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final Thread sender;
  private long told = System.nanoTime() - AGAIN.toNanos() - 1;
  private volatile boolean ending;

  /**
   * A queue that works at once.
   *
   * @param most spans that may wait
   * @param timeout for each batch
   */
  SpanQueue(SpanExporter exporter, int most, Duration timeout) {
    this.exporter = exporter;
    this.timeout = timeout;
    this.waiting = new ArrayBlockingQueue<>(most);
    this.sender = Thread.ofPlatform().daemon().name("traces").start(this::send);
  }

  /** Spans that arrived. */
  long exported() {
    return exported.sum();
  }

  /** Spans that found no place. */
  long dropped() {
    return dropped.sum();
  }

  /** Spans that the collector did not take. */
  long failed() {
    return failed.sum();
  }

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {
    // nothing is done with what is not over
  }

  @Override
  public boolean isStartRequired() {
    return false;
  }

  @Override
  public void onEnd(ReadableSpan span) {
    if (!span.getSpanContext().isSampled()) {
      return;
    }
    if (ending || !waiting.offer(span)) {
      dropped.increment();
    }
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }

  private void send() {
    List<ReadableSpan> batch = new ArrayList<>(BATCH);
    try {
      while (!ending || !waiting.isEmpty()) {
        gather(batch);
        if (!batch.isEmpty()) {
          export(batch);
          batch.clear();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the server ends
    }
    dropped.add(batch.size() + (long) waiting.size());
  }

  private void gather(List<ReadableSpan> batch) throws InterruptedException {
    ReadableSpan first = waiting.poll(GATHER.toMillis(), TimeUnit.MILLISECONDS);
    if (first == null) {
      return;
    }
    batch.add(first);
    long until = System.nanoTime() + GATHER.toNanos();
    while (batch.size() < BATCH && !ending) {
      ReadableSpan next = waiting.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (next == null) {
        return;
      }
      batch.add(next);
    }
    waiting.drainTo(batch, BATCH - batch.size());
  }

  private void export(List<ReadableSpan> batch) {
    List<SpanData> data = batch.stream().map(ReadableSpan::toSpanData).toList();
    try {
      CompletableResultCode result =
          exporter.export(data).join(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (result.isSuccess()) {
        exported.add(data.size());
      } else {
        lost(data.size(), result.getFailureThrowable());
      }
    } catch (RuntimeException e) {
      lost(data.size(), e); // whatever the exporter meets, the next batch is another one
    }
  }

  private void lost(int spans, @Nullable Throwable why) {
    failed.add(spans);
    long now = System.nanoTime();
    if (now - told > AGAIN.toNanos()) {
      told = now;
      log.warn(
          "the collector of traces did not take {} spans, {} so far: {}",
          spans,
          failed.sum(),
          why == null ? "no answer within " + timeout.toMillis() + " ms" : cause(why));
    }
  }

  private static String cause(Throwable why) {
    Throwable first = why;
    while (first.getCause() != null) {
      first = first.getCause();
    }
    String text = first.getMessage();
    return first.getClass().getSimpleName() + (text == null ? "" : ": " + text);
  }

  /** Sends what waits, within two seconds; what a collector does not take by then is dropped. */
  @Override
  public CompletableResultCode shutdown() {
    ending = true;
    try {
      if (!sender.join(AT_END)) {
        sender.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // it waits for what the collector never answers
    var _ = Thread.ofVirtual().name("traces-end").start(exporter::shutdown);
    return CompletableResultCode.ofSuccess();
  }
}
