package dev.jubal.platform.http;

import com.linecorp.armeria.common.websocket.WebSocketCloseStatus;
import com.linecorp.armeria.common.websocket.WebSocketWriter;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.time.Cancellation;
import dev.jubal.platform.trace.Trace;
import dev.jubal.platform.trace.Traces;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket, as the thread that serves it sees it: messages come one after the other, and a
 * write waits until the one before was taken, which is the back-pressure.
 */
public final class Socket {
  /** Why there is no further message. */
  public enum End {
    /** The client closed it, or its connection broke. */
    CLIENT_LEFT,
    /** It has been open for as long as one may be. */
    TOO_OLD,
    /** The server stops. */
    STOPPING
  }

  /** What comes from a socket. */
  public sealed interface Incoming {
    /** A message of the client. */
    record Message(String text) implements Incoming {}

    /** The last thing that comes. */
    record Ended(End end) implements Incoming {}
  }

  private final WebSocketWriter out;
  private final BlockingQueue<Incoming> incoming = new LinkedBlockingQueue<>();
  private final Cancellation gone = new Cancellation();
  private final Supplier<String> requestIds;
  private final RequestObserver observer;
  private final InFlight inFlight;
  private final Runnable guard;
  private volatile @Nullable Runnable onTaken;

  Socket(
      WebSocketWriter out,
      Supplier<String> requestIds,
      RequestObserver observer,
      InFlight inFlight,
      Runnable guard) {
    this.inFlight = inFlight;
    this.guard = guard;
    this.out = out;
    this.requestIds = requestIds;
    this.observer = observer;
  }

  /** Waits for what comes next. */
  public Incoming take() throws InterruptedException {
    Incoming next = incoming.take();
    Runnable more = onTaken;
    if (next instanceof Incoming.Message && more != null) {
      more.run();
    }
    return next;
  }

  /**
   * Lets the caller in once more, as each message is a request of its own.
   *
   * @throws ApiException 401 or 403, as for a request over HTTP
   */
  public void readmit() {
    guard.run();
  }

  /** An id for a request that came as a message. */
  public String nextRequestId() {
    return requestIds.get();
  }

  /** What is told of a request that came as a message. */
  public Trace trace(String requestId, String name, Call opened) {
    return observer.began(
        new Traces.Begun(requestId, name, true, h -> opened.header(h).orElse(null)));
  }

  /** Begins a request that came as a message; a stop of the server waits for it, or cancels it. */
  public Cancellation begin() {
    Cancellation request = new Cancellation();
    gone.onCancel(() -> gone.reason().ifPresent(request::cancel));
    inFlight.begin(request);
    return request;
  }

  /** Ends a request that was begun. */
  public void end(Cancellation request) {
    inFlight.end(request);
  }

  /** Is told of each request that came as a message, for metrics and the access log. */
  public RequestObserver observer() {
    return observer;
  }

  /** Is cancelled when the client leaves. */
  public Cancellation gone() {
    return gone;
  }

  /**
   * Sends a text message of UTF-8.
   *
   * @throws ApiException CLIENT_CLOSED_REQUEST when the client has left
   */
  public void send(byte[] text) {
    if (!out.tryWrite(new String(text, java.nio.charset.StandardCharsets.UTF_8))) {
      throw left(null);
    }
    try {
      out.whenConsumed().join();
    } catch (CompletionException e) {
      throw left(e);
    }
  }

  private ApiException left(@Nullable Exception cause) {
    return gone.reason()
        .orElseGet(
            () ->
                new ApiException(
                    ErrorCode.CLIENT_CLOSED_REQUEST, "The client left.", null, null, cause));
  }

  /** Closes it in the usual way. */
  public void close() {
    out.close(WebSocketCloseStatus.NORMAL_CLOSURE);
  }

  /** Closes it since the server goes away. */
  public void closeStopping() {
    out.close(WebSocketCloseStatus.ENDPOINT_UNAVAILABLE, "The server is stopping.");
  }

  /** Closes it after a defect. */
  void closeBroken() {
    out.close(WebSocketCloseStatus.INTERNAL_SERVER_ERROR, "Internal error.");
  }

  /** Is complete when nothing more will be written and all of it has left. */
  CompletableFuture<Void> written() {
    return out.whenComplete();
  }

  void ping() {
    if (out.isOpen()) {
      out.writePing();
    }
  }

  void whenTaken(Runnable more) {
    onTaken = more;
  }

  void received(String text) {
    incoming.add(new Incoming.Message(text));
  }

  void ended(End end) {
    if (end == End.CLIENT_LEFT) {
      gone.cancel(new ApiException(ErrorCode.CLIENT_CLOSED_REQUEST, "The client left."));
    }
    incoming.add(new Incoming.Ended(end));
  }
}
