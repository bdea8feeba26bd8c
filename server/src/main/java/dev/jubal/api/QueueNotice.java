package dev.jubal.api;

import dev.jubal.inference.EventSink;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.platform.http.SseStream;
import java.util.function.BiConsumer;

/**
 * How a client sees that its request waits: in headers as it was on arrival, in heartbeats as it is
 * now. A request that found a free slot has neither.
 */
final class QueueNotice {
  private static final long SECOND = 1000;

  private QueueNotice() {}

  /** Sets the headers when the first place is known. */
  static EventSink headers(BiConsumer<String, String> header, EventSink next) {
    return new EventSink() {
      private boolean told;

      @Override
      public void accept(GenerationEvent event) {
        if (event instanceof GenerationEvent.Queued queued && !told) {
          told = true; // what came later is not what it was admitted with
          header.accept("x-jubal-queue-position", Integer.toString(queued.position()));
          if (queued.etaMillis() >= 0) {
            header.accept("x-jubal-queue-eta-ms", Long.toString(queued.etaMillis()));
          }
        }
        next.accept(event);
      }
    };
  }

  /** Makes the heartbeats of a stream tell the place while there is one. */
  static EventSink heartbeats(SseStream out, EventSink next) {
    return event -> {
      switch (event) {
        case GenerationEvent.Queued queued -> out.heartbeat(text(queued));
        case GenerationEvent.Started _ -> out.plainHeartbeat();
        default -> {
          // says nothing about the queue
        }
      }
      next.accept(event);
    };
  }

  /** Such as "queued 3, about 4 s". */
  static String text(GenerationEvent.Queued queued) {
    String place = "queued " + queued.position();
    long eta = queued.etaMillis();
    return eta < 0 ? place : place + ", about " + Math.ceilDiv(eta, SECOND) + " s";
  }
}
