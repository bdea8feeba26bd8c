package dev.jubal.llama.worker;

import dev.jubal.llama.Engine;
import dev.jubal.llama.EngineFailure;
import dev.jubal.llama.EngineListener;
import dev.jubal.llama.EngineRequest;
import dev.jubal.llama.Segment;
import dev.jubal.llama.Share;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's end of one request. A virtual thread of its own tells the listener what happens, so
 * a slow listener holds up neither the socket nor another request; credits bound what waits here.
 */
final class RemoteRequest implements Engine.Ticket {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteRequest.class);

  /**
   * Events that a worker may send ahead of the listener. Few, as the engine's own buffer stands
   * behind them and a credit is back long before the next token.
   */
  static final int WINDOW = 6;

  private static final int GRANTED_TOGETHER = WINDOW / 2;

  private final int id;
  private final EngineRequest request;
  private final EngineListener listener;
  private final Consumer<RemoteRequest> canceller;
  private final long characters;
  private final long submitted = System.nanoTime();
  private final LinkedBlockingQueue<Message.Event> events = new LinkedBlockingQueue<>();
  private volatile @Nullable WorkerProcess worker;
  private volatile boolean started;
  private int moves;

  RemoteRequest(
      int id, EngineRequest request, EngineListener listener, Consumer<RemoteRequest> canceller) {
    this.id = id;
    this.request = request;
    this.listener = listener;
    this.canceller = canceller;
    this.characters = request.prompt().stream().map(Segment::text).mapToLong(String::length).sum();
    Thread.ofVirtual().name("engine-request-" + id).start(this::tell);
  }

  int id() {
    return id;
  }

  /** Hands the request to a worker, or to the next one after a crash. */
  void sendTo(WorkerProcess next) {
    worker = next;
    next.send(new Message.Submit(id, WINDOW, request));
  }

  /** The worker died before it began; the request waits for the next one. */
  void move() {
    if (worker != null) {
      worker = null;
      moves++;
    }
  }

  boolean sent() {
    return worker != null;
  }

  Share share() {
    return request.share();
  }

  long characters() {
    return characters;
  }

  int moves() {
    return moves;
  }

  boolean started() {
    return started;
  }

  /** Whether the worker has to act next: nothing it sent waits for the listener. */
  boolean waitsForWorker() {
    return events.isEmpty();
  }

  long waitedNanos(long now) {
    return now - submitted;
  }

  /** Called in the order in which the worker sent. */
  void happened(Message.Event event) {
    if (event instanceof Message.Started) {
      started = true;
    }
    events.add(event);
  }

  void fail(EngineFailure.Kind kind, String reason) {
    happened(new Message.Failed(id, kind, reason));
  }

  @Override
  public void cancel() {
    canceller.accept(this);
  }

  void sendCancel() {
    WorkerProcess current = worker;
    if (current != null) {
      current.send(new Message.Cancel(id));
    }
  }

  private void tell() {
    try {
      int taken = 0;
      while (true) {
        Message.Event event = events.take();
        tell(event);
        boolean _ = Thread.interrupted(); // what a listener left behind must not end this loop
        if (event instanceof Message.Finished || event instanceof Message.Failed) {
          return;
        }
        if (++taken == GRANTED_TOGETHER) {
          grant(taken);
          taken = 0;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.warn("listener of request {} failed: it gets nothing more", id, e);
      cancel();
    }
  }

  private void tell(Message.Event event) {
    switch (event) {
      case Message.Queued m -> listener.queued(m.position(), m.etaMillis());
      case Message.Started m -> listener.started(m.promptTokens(), m.cachedTokens());
      case Message.Text m -> listener.text(m.choice(), m.text(), m.tokens());
      case Message.ChoiceFinished m -> listener.choiceFinished(m.choice(), m.reason(), m.stop());
      case Message.Finished m -> listener.finished(m.counts());
      case Message.Failed m -> listener.failed(new EngineFailure(m.kind(), m.reason()));
    }
  }

  private void grant(int taken) {
    WorkerProcess current = worker;
    if (current != null) {
      current.send(new Message.Credit(id, taken));
    }
  }
}
