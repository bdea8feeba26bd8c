package dev.jubal.platform.http;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.http.edge.Expectation;
import dev.jubal.platform.http.edge.Intake;
import dev.jubal.platform.time.Cancellation;
import dev.jubal.platform.trace.Authority;
import dev.jubal.platform.trace.Trace;
import dev.jubal.platform.trace.Traces;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Station 1: finds the route, gives the request its id, and runs the call on a virtual thread of
 * its own as soon as the head is there; the body is read when the caller is known. Tells the
 * exchange when the client leaves.
 */
final class Listener implements HttpService {
  private static final Set<String> PROBES = Set.of("/healthz", "/readyz", "/metrics");

  private final Routes routes;
  private final ErrorBoundary boundary;
  private final ErrorRenderer errors;
  private final HeartbeatTimer heartbeats;
  private final Executor threads;
  private final long bodyLimit;
  private final Intake intake;
  private final InFlight inFlight;
  private final Supplier<String> requestIds;
  private final RequestObserver observer;

  Listener(
      HttpConfig config,
      HttpServer.Parts parts,
      Executor threads,
      InFlight inFlight,
      Intake intake) {
    this.intake = intake;
    this.routes = parts.routes();
    this.boundary = new ErrorBoundary(parts.guard());
    this.errors = parts.errors();
    this.heartbeats = new HeartbeatTimer(parts.clock(), threads, config.heartbeat());
    this.threads = threads;
    this.bodyLimit = config.bodyLimit();
    this.inFlight = inFlight;
    this.requestIds = parts.requestIds();
    this.observer = parts.observer();
  }

  /** How the framework refuses what never becomes a call. */
  FrameworkErrors refusals() {
    return new FrameworkErrors(errors, requestIds);
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
    String requestId = requestIds.get();
    long start = System.nanoTime();
    Trace trace = began(requestId, request.headers());
    HttpResponseWriter writer = HttpResponse.streaming();
    Cancellation gone = new Cancellation();
    ErrorRenderer form = routes.errors(path(request.headers().path())).orElse(errors);
    Exchange exchange = new Exchange(writer, gone, heartbeats, form);
    exchange.header(ErrorRenderer.REQUEST_ID, requestId);
    exchange.header(form.idHeader(), requestId);
    exchange.multiplexed(ctx.sessionProtocol().isMultiplex());
    if (inFlight.leaving()) {
      exchange.lastOnConnection();
    }
    clientId(request.headers()).ifPresent(id -> exchange.header("x-client-request-id", id));
    inFlight.begin(gone);
    var _ =
        writer
            .whenComplete()
            .whenComplete(
                (done, failure) -> {
                  inFlight.end(gone);
                  observe(requestId, request.headers(), exchange, start, trace);
                  if (failure != null) {
                    gone.cancel(
                        new ApiException(ErrorCode.CLIENT_CLOSED_REQUEST, "The client left."));
                  }
                });
    ctx.clearRequestTimeout();
    long declared = request.isEmpty() ? 0 : request.headers().contentLength();
    BodyReader body = new BodyReader(ctx, intake, bodyLimit, declared);
    if (request.headers().contains(Expectation.HEADER)) {
      body.whenWanted(exchange::askForBody);
    }
    gone.onCancel(() -> gone.reason().ifPresent(body::giveUp));
    request.subscribe(body);
    try {
      refuseWhenStopping();
      Routes.Match match = match(request.headers());
      exchange.endpoint(match.route().endpoint());
      trace.rename(match.route().method() + " " + match.route().path());
      trace.set("http.route", match.route().path());
      checkHead(match.route(), request.headers());
      Call.Head head =
          new Call.Head(
              requestId,
              path(request.headers().path()),
              query(ctx.query()),
              request.headers()::get);
      threads.execute(() -> trace.run(() -> boundary.run(new Call(head, match), exchange, body)));
    } catch (ApiException e) {
      trace.run(() -> boundary.refuse(requestId, exchange, body, e));
    }
    return writer;
  }

  private Trace began(String requestId, RequestHeaders headers) {
    if (PROBES.contains(path(headers.path()))) {
      return Trace.NONE; // asked every few seconds: no news, and the most of all traces
    }
    String method = headers.method().name();
    Trace trace =
        observer.began(new Traces.Begun(requestId, method, true, name -> headers.get(name)));
    if (trace.exported()) {
      trace.set("http.request.method", method);
      Authority.of(headers.authority()).tell(trace);
    }
    return trace;
  }

  private void refuseWhenStopping() {
    if (inFlight.refusing()) {
      throw ApiException.retry(
          ErrorCode.SERVICE_UNAVAILABLE, "The server is stopping.", Duration.ofSeconds(1));
    }
  }

  private void observe(
      String requestId, RequestHeaders headers, Exchange exchange, long start, Trace trace) {
    observer.finished(
        new RequestObserver.Finished(
            requestId,
            clientId(headers),
            headers.method().name(),
            exchange.endpoint(),
            exchange.headSent() ? exchange.status() : 499,
            Duration.ofNanos(System.nanoTime() - start),
            trace));
  }

  private Routes.Match match(RequestHeaders headers) {
    String path = path(headers.path());
    String method = headers.method().name();
    return routes
        .find(method, path)
        .orElseThrow(
            () -> {
              List<String> methods = routes.methods(path);
              return methods.isEmpty()
                  ? new ApiException(
                      ErrorCode.NOT_FOUND,
                      "There is no " + path + " (expected: a path of GET /openapi.json).")
                  : new ApiException(
                      ErrorCode.METHOD_NOT_ALLOWED,
                      path
                          + " was called by "
                          + method
                          + " (expected: "
                          + String.join(" or ", methods)
                          + ").");
            });
  }

  /** Decoded, without the query; one that cannot be decoded is taken as it is, and not found. */
  private static String path(String target) {
    int query = target.indexOf('?');
    String path = query < 0 ? target : target.substring(0, query);
    try {
      return java.net.URLDecoder.decode(
          path.replace("+", "%2B"), java.nio.charset.StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return path;
    }
  }

  private static Map<String, List<String>> query(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return Map.of();
    }
    Map<String, List<String>> query = new HashMap<>();
    QueryParams.fromQueryString(text)
        .forEach((name, value) -> query.computeIfAbsent(name, n -> new ArrayList<>()).add(value));
    return query;
  }

  private void checkHead(Route route, RequestHeaders headers) {
    long length = headers.contentLength();
    if (length > bodyLimit) {
      throw BodyReader.tooLarge(length + " bytes", bodyLimit);
    }
    if (route.request() == null || route.access().management()) {
      return; // xAI's own examples of the management API send JSON as whatever curl calls it
    }
    MediaType type = headers.contentType();
    if (type == null || !isJson(type)) {
      throw new ApiException(
          ErrorCode.UNSUPPORTED_MEDIA_TYPE,
          "The Content-Type is "
              + (type == null ? "absent" : type)
              + " (expected: application/json).");
    }
  }

  private static boolean isJson(MediaType type) {
    String subtype = type.subtype().toLowerCase(Locale.ROOT);
    return type.type().equalsIgnoreCase("application")
        && (subtype.equals("json") || subtype.endsWith("+json"));
  }

  private static java.util.Optional<String> clientId(RequestHeaders headers) {
    String id = headers.get("x-request-id");
    if (id == null) {
      id = headers.get("x-client-request-id");
    }
    return java.util.Optional.ofNullable(id).filter(v -> v.length() <= 256);
  }
}
