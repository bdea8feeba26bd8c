package dev.jubal.backend.llama;

import dev.jubal.inference.EventSink;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.platform.metrics.ServerMetrics;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** How many requests wait for a slot, and how long they did, in the metrics. Thread-safe. */
public final class QueueMeters {
  private static final String CLASS = "class";

  private final ServerMetrics metrics;
  private final AtomicInteger interactive = new AtomicInteger();
  private final AtomicInteger background = new AtomicInteger();

  public QueueMeters(ServerMetrics metrics) {
    this.metrics = metrics;
    gauge("interactive", interactive);
    gauge("background", background);
  }

  private void gauge(String name, AtomicInteger waiting) {
    metrics.gauge(
        "jubal.queue.waiting", "Requests that have no slot yet.", waiting::get, CLASS, name);
  }

  /** A request for a model begins to wait. */
  Wait begin(boolean inBackground, String model, EventSink next) {
    return new Wait(inBackground, model, next);
  }

  /** One request, from its submission until it has a slot or ends. */
  final class Wait implements EventSink, AutoCloseable {
    private final boolean inBackground;
    private final String model;
    private final EventSink next;
    private final long since = System.nanoTime();
    private boolean over;

    Wait(boolean inBackground, String model, EventSink next) {
      this.inBackground = inBackground;
      this.model = model;
      this.next = next;
      count().incrementAndGet();
    }

    private AtomicInteger count() {
      return inBackground ? background : interactive;
    }

    @Override
    public void accept(GenerationEvent event) {
      if (event instanceof GenerationEvent.Started && end()) {
        metrics.time(
            "jubal.queue.wait",
            "Wait for a slot, of requests that got one.",
            Duration.ofNanos(System.nanoTime() - since),
            CLASS,
            inBackground ? "background" : "interactive",
            "model",
            model);
      }
      next.accept(event);
    }

    private synchronized boolean end() {
      boolean first = !over;
      over = true;
      if (first) {
        count().decrementAndGet();
      }
      return first;
    }

    /** Stops counting a request that ended without a slot. */
    @Override
    public void close() {
      end();
    }
  }
}
