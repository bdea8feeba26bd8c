package dev.jubal.platform.http;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.websocket.WebSocket;
import com.linecorp.armeria.common.websocket.WebSocketCloseStatus;
import com.linecorp.armeria.common.websocket.WebSocketFrame;
import com.linecorp.armeria.common.websocket.WebSocketWriter;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.websocket.WebSocketService;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.http.browser.Cors;
import dev.jubal.platform.http.browser.Subprotocols;
import dev.jubal.platform.json.Json;
import io.netty.util.AttributeKey;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The WebSockets of a server: who may open one is decided before the upgrade, so that a refusal is
 * an HTTP answer; each is then served by a virtual thread of its own.
 */
final class Sockets {
  /** Most at once of one key: each costs a thread and a buffer. */
  private static final int MOST_OF_A_KEY = 64;

  /** Messages that may wait; the connection is not read further then. */
  private static final int WAITING = 4;

  private static final Logger log = LoggerFactory.getLogger(Sockets.class);
  private static final AttributeKey<Call> CALL = AttributeKey.valueOf(Sockets.class, "call");

  private final HttpServer.Parts parts;
  private final Cors cors;
  private final Executor threads;
  private final InFlight inFlight;
  private final HeartbeatTimer heartbeats;
  private final int messageLimit;
  private final Duration longest;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Map<Object, AtomicInteger> byCaller = new ConcurrentHashMap<>();

  Sockets(
      HttpConfig config, HttpServer.Parts parts, Cors cors, Executor threads, InFlight inFlight) {
    this.parts = parts;
    this.cors = cors;
    this.threads = threads;
    this.inFlight = inFlight;
    this.heartbeats = new HeartbeatTimer(parts.clock(), threads, config.heartbeat());
    this.longest = config.socketLimit();
    this.messageLimit = (int) Math.min(config.bodyLimit(), Integer.MAX_VALUE);
  }

  void bind(ServerBuilder server) {
    for (SocketRoute route : parts.routes().sockets()) {
      HttpService service = service(route);
      server
          .route()
          .path(route.path())
          .methods(HttpMethod.GET)
          .matchesHeaders("upgrade", "websocket"::equalsIgnoreCase)
          .build(service);
      server.route().path(route.path()).methods(HttpMethod.CONNECT).build(service); // HTTP/2
    }
  }

  int count() {
    return open.size();
  }

  /** Each ends when what it does now is done. */
  void stop() {
    open.forEach(s -> s.ended(Socket.End.STOPPING));
  }

  /** Returns when the last frame of each is on its way, or the time is over. */
  void awaitNone(Duration limit) {
    CompletableFuture<?>[] all =
        open.stream().map(Socket::written).toArray(CompletableFuture<?>[]::new);
    var _ =
        CompletableFuture.allOf(all)
            .completeOnTimeout(null, limit.toMillis(), TimeUnit.MILLISECONDS)
            .handle((done, failure) -> failure)
            .join();
  }

  private HttpService service(SocketRoute route) {
    return WebSocketService.builder((ctx, in) -> serve(ctx, in, route))
        .maxFramePayloadLength(messageLimit)
        .aggregateContinuation(true)
        // nobody gets in without a key; which pages may try is decided with all other requests
        .allowedOrigins("*")
        .build()
        .decorate((next, ctx, request) -> admitted(next, ctx, request, route));
  }

  private HttpResponse admitted(
      HttpService next, ServiceRequestContext ctx, HttpRequest request, SocketRoute route) {
    RequestHeaders headers = request.headers();
    String requestId = parts.requestIds().get();
    Call call =
        new Call(
            new Call.Head(requestId, route.path(), Map.of(), headers::get),
            new Routes.Match(route.asRoute(), Map.of()));
    return HttpResponse.of(
        CompletableFuture.supplyAsync(
            () -> {
              try {
                cors.checkSocket(headers);
                admit(call);
                ctx.setAttr(CALL, call);
                return Subprotocols.answered(headers, next.serve(ctx, request));
              } catch (ApiException e) {
                return refusal(e, requestId);
              } catch (Exception e) {
                return refusal(ErrorBoundary.unexpected(requestId, e), requestId);
              }
            },
            threads));
  }

  private void admit(Call call) {
    if (inFlight.refusing()) {
      throw ApiException.retry(
          ErrorCode.SERVICE_UNAVAILABLE, "The server is stopping.", Duration.ofSeconds(1));
    }
    enter(call);
    AtomicInteger mine = open(call);
    if (mine.get() >= MOST_OF_A_KEY) {
      throw ApiException.retry(
          ErrorCode.RATE_LIMIT_EXCEEDED,
          mine.get()
              + " WebSockets of this key are open (expected: at most "
              + MOST_OF_A_KEY
              + ").",
          Duration.ofSeconds(10));
    }
  }

  private void enter(Call call) {
    Object caller = parts.guard().admit(call);
    if (caller != null) {
      call.caller(caller);
    }
  }

  /** How many are open of a caller's key. */
  private AtomicInteger open(Call call) {
    Object owner = parts.guard().owner(call.caller(Object.class));
    return byCaller.computeIfAbsent(owner, k -> new AtomicInteger());
  }

  private HttpResponse refusal(ApiException e, String requestId) {
    return refusal(parts, e, requestId);
  }

  /** An error where there is no exchange. */
  static HttpResponse refusal(HttpServer.Parts parts, ApiException e, String requestId) {
    return HttpResponse.of(
        ResponseHeaders.builder(HttpStatus.valueOf(parts.errors().status(e)))
            .contentType(MediaType.JSON)
            .set(ErrorRenderer.REQUEST_ID, requestId)
            .build(),
        com.linecorp.armeria.common.HttpData.wrap(Json.bytes(parts.errors().body(e, requestId))));
  }

  private WebSocket serve(ServiceRequestContext ctx, WebSocket in, SocketRoute route) {
    Call call = java.util.Objects.requireNonNull(ctx.attr(CALL), "admitted before");
    WebSocketWriter out = WebSocket.streaming();
    Socket socket =
        new Socket(out, parts.requestIds(), parts.observer(), inFlight, () -> enter(call));
    AtomicInteger mine = open(call);
    if (mine.incrementAndGet() > MOST_OF_A_KEY) { // of several that asked at once
      mine.decrementAndGet();
      out.close(WebSocketCloseStatus.TRY_AGAIN_LATER);
      return out;
    }
    open.add(socket);
    in.subscribe(new Reader(socket, out));
    threads.execute(() -> run(call, socket, route, mine));
    return out;
  }

  private void run(Call call, Socket socket, SocketRoute route, AtomicInteger mine) {
    ScheduledFuture<?> pings = heartbeats.every(socket::ping);
    ScheduledFuture<?> end =
        parts
            .clock()
            .schedule(
                () -> socket.ended(Socket.End.TOO_OLD), longest.toMillis(), TimeUnit.MILLISECONDS);
    try {
      route.handler().serve(call, socket);
      socket.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      socket.closeStopping();
    } catch (RuntimeException e) {
      if (!socket.gone().cancelled()) {
        log.error("the WebSocket {} failed by a defect", call.requestId(), e);
      }
      socket.closeBroken();
    } finally {
      pings.cancel(false);
      end.cancel(false);
      var _ = socket.written().handle((done, failure) -> open.remove(socket));
      mine.decrementAndGet();
    }
  }

  /**
   * Reads a few messages ahead, so that an end of the connection is noticed while one is served.
   */
  private static final class Reader implements Subscriber<WebSocketFrame> {
    private final Socket socket;
    private final WebSocketWriter out;
    private @Nullable Subscription more;

    Reader(Socket socket, WebSocketWriter out) {
      this.socket = socket;
      this.out = out;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      more = subscription;
      socket.whenTaken(() -> subscription.request(1));
      subscription.request(WAITING);
    }

    @Override
    public void onNext(WebSocketFrame frame) {
      switch (frame.type()) {
        case TEXT -> socket.received(frame.text());
        case PING -> {
          out.writePong(frame.array());
          next();
        }
        case CLOSE -> socket.ended(Socket.End.CLIENT_LEFT);
        default -> next(); // binary frames mean nothing here, and a pong needs no answer
      }
    }

    private void next() {
      Subscription subscription = more;
      if (subscription != null) {
        subscription.request(1);
      }
    }

    @Override
    public void onError(Throwable failure) {
      socket.ended(Socket.End.CLIENT_LEFT);
    }

    @Override
    public void onComplete() {
      socket.ended(Socket.End.CLIENT_LEFT);
    }
  }
}
