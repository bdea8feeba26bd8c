package dev.jubal.platform.grpc;

import com.linecorp.armeria.common.ExchangeType;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.HttpServiceWithRoutes;
import com.linecorp.armeria.server.Route;
import com.linecorp.armeria.server.RoutingContext;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.SimpleDecoratingHttpService;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.http.BodyReader;
import dev.jubal.platform.http.RequestObserver;
import dev.jubal.platform.http.edge.Intake;
import dev.jubal.platform.trace.Authority;
import dev.jubal.platform.trace.Trace;
import dev.jubal.platform.trace.Traces;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.util.AttributeKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Before the first station: looks at the key as soon as a call's head is there, so that nothing of
 * its message is kept for a caller who may not call.
 */
final class RpcDoor extends SimpleDecoratingHttpService implements HttpServiceWithRoutes {
  /** What the door found, for the station. */
  static final AttributeKey<Admitted> ADMITTED = AttributeKey.valueOf(RpcDoor.class, "ADMITTED");

  /** A message has five bytes before it; trailers and a second, refused message need no more. */
  private static final int FRAMING = 1024;

  private static final Logger log = LoggerFactory.getLogger(RpcDoor.class);

  private final HttpServiceWithRoutes services;
  private final RpcServer.Parts parts;
  private final long messageLimit;
  private final Executor threads;
  private final Intake intake;
  private final Map<String, Rpc<?, ?>> byPath;

  /**
   * A call that was let in.
   *
   * @param caller null where anybody may call
   * @param start by {@link System#nanoTime}
   */
  record Admitted(String requestId, @Nullable Object caller, long start, Trace trace) {}

  RpcDoor(
      HttpServiceWithRoutes services,
      RpcServer.Parts parts,
      long limit,
      Executor threads,
      Intake intake) {
    super(services);
    this.services = services;
    this.parts = parts;
    this.messageLimit = limit;
    this.threads = threads;
    this.intake = intake;
    this.byPath =
        parts.rpcs().all().stream()
            .collect(Collectors.toMap(r -> "/" + r.method().getFullMethodName(), r -> r));
  }

  @Override
  public Set<Route> routes() {
    return services.routes();
  }

  /** The framework hands out what comes in as it comes, instead of whole. */
  @Override
  public ExchangeType exchangeType(RoutingContext routing) {
    return switch (super.exchangeType(routing)) {
      case UNARY, REQUEST_STREAMING -> ExchangeType.REQUEST_STREAMING;
      case RESPONSE_STREAMING, BIDI_STREAMING -> ExchangeType.BIDI_STREAMING;
    };
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) throws Exception {
    Rpc<?, ?> rpc = byPath.get(ctx.path());
    if (rpc == null || !isGrpc(request.contentType())) {
      return unwrap().serve(ctx, request); // health and reflection, which take a few bytes each
    }
    boolean oneMessage = rpc.method().getType().clientSendsOneMessage();
    if (oneMessage) {
      ctx.setMaxRequestLength(messageLimit + FRAMING);
    }
    String requestId = parts.requestIds().get();
    long start = System.nanoTime();
    Function<String, Optional<String>> header =
        name -> Optional.ofNullable(request.headers().get(name));
    Trace trace = began(rpc, requestId, request);
    Arrived arrived = new Arrived(rpc, requestId, start, trace);
    try {
      Optional<Object> hot = trace.call(() -> parts.guard().atOnce(rpc, header));
      if (hot.isPresent()) { // most calls: no thread is needed to know the key
        return pass(ctx, request, oneMessage, new Admitted(requestId, hot.get(), start, trace));
      }
    } catch (ApiException e) {
      return refuse(ctx, request, arrived, new CompletionException(e));
    }
    return HttpResponse.of(
        CompletableFuture.supplyAsync(
                () -> new Admitted(requestId, admit(arrived, header), start, trace), threads)
            .handleAsync(
                (admitted, failure) ->
                    admitted != null
                        ? pass(ctx, request, oneMessage, admitted)
                        : refuse(ctx, request, arrived, failure),
                ctx.eventLoop()));
  }

  /** A call whose head is there. */
  private record Arrived(Rpc<?, ?> rpc, String requestId, long start, Trace trace) {}

  private @Nullable Object admit(Arrived arrived, Function<String, Optional<String>> header) {
    return arrived.trace().call(() -> parts.guard().admit(arrived.rpc(), header));
  }

  private Trace began(Rpc<?, ?> rpc, String requestId, HttpRequest request) {
    String method = rpc.method().getFullMethodName();
    Trace trace =
        parts
            .observer()
            .began(new Traces.Begun(requestId, method, true, name -> request.headers().get(name)));
    if (trace.exported()) {
      trace.set("rpc.system.name", "grpc");
      trace.set("rpc.method", method);
      Authority.of(request.authority()).tell(trace);
    }
    trace.enter("authenticate");
    return trace;
  }

  private HttpResponse pass(
      ServiceRequestContext ctx, HttpRequest request, boolean bounded, Admitted admitted) {
    admitted.trace().enter("intake");
    ctx.setAttr(ADMITTED, admitted);
    try {
      return unwrap().serve(ctx, bounded ? bounded(ctx, request) : request);
    } catch (Exception e) {
      return HttpResponse.ofFailure(e);
    }
  }

  /** The same message, within the bounds of time and memory of all that arrives. */
  private HttpRequest bounded(ServiceRequestContext ctx, HttpRequest request) {
    Intake.Arrival arrival = intake.begin(ctx.eventLoop(), request::abort);
    var _ = request.whenComplete().whenComplete((done, failure) -> arrival.end());
    return request.peekData(
        data -> {
          arrival.progress();
          try {
            arrival.take(data.length());
          } catch (ApiException e) {
            request.abort(e);
          }
        });
  }

  private HttpResponse refuse(
      ServiceRequestContext ctx,
      HttpRequest request,
      Arrived arrived,
      @Nullable Throwable failure) {
    String requestId = arrived.requestId();
    ApiException error = known(requestId, failure);
    arrived.trace().note("error", error.code().code());
    parts
        .observer()
        .finished(
            new RequestObserver.Finished(
                requestId,
                clientId(request.headers()::get),
                "GRPC",
                arrived.rpc().endpoint(),
                error.code().status(),
                Duration.ofNanos(System.nanoTime() - arrived.start()),
                arrived.trace()));
    BodyReader.discard(ctx, intake, request);
    return answer(
        request.contentType(),
        RpcErrors.status(error),
        RpcErrors.trailers(requestId, error),
        requestId);
  }

  private static ApiException known(String requestId, @Nullable Throwable failure) {
    Throwable cause = failure == null || failure.getCause() == null ? failure : failure.getCause();
    if (cause instanceof ApiException known) {
      return known;
    }
    log.error("request {} failed by a defect", requestId, cause);
    return new ApiException(
        ErrorCode.INTERNAL_ERROR,
        "Internal error; the log names it under request id " + requestId + ".");
  }

  private static Optional<String> clientId(Function<String, @Nullable String> header) {
    return Optional.ofNullable(header.apply("x-request-id"))
        .or(() -> Optional.ofNullable(header.apply("x-client-request-id")))
        .filter(id -> id.length() <= 256);
  }

  static boolean isGrpc(@Nullable MediaType type) {
    return type != null && type.type().equals("application") && type.subtype().startsWith("grpc");
  }

  /** An answer that is an error and nothing else: one head, without a message. */
  static HttpResponse answer(
      @Nullable MediaType type, Status status, Metadata trailers, String requestId) {
    ResponseHeadersBuilder head =
        ResponseHeaders.builder(HttpStatus.OK)
            .endOfStream(true)
            .contentType(type == null ? MediaType.parse("application/grpc") : type)
            .add("grpc-status", Integer.toString(status.getCode().value()))
            .add("grpc-message", percent(String.valueOf(status.getDescription())))
            .add("x-request-id", requestId);
    byte[] details = trailers.get(RpcErrors.DETAILS);
    if (details != null) {
      head.add(
          RpcErrors.DETAILS.name(), Base64.getEncoder().withoutPadding().encodeToString(details));
    }
    for (Metadata.Key<String> key : List.of(RpcErrors.PUSHBACK, RpcErrors.SHOULD_RETRY)) {
      String said = trailers.get(key);
      if (said != null) {
        head.add(key.name(), said);
      }
    }
    // and nothing after it: gRPC in C takes an empty frame that ends the stream for a broken one
    return HttpResponse.of(head.build());
  }

  /** As the protocol has it: what is not printable ASCII, and the per cent sign, as %XX. */
  private static String percent(String text) {
    StringBuilder out = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b >= ' ' && b < 0x7f && b != '%') {
        out.append((char) b);
      } else {
        out.append('%').append(String.format("%02X", b & 0xff));
      }
    }
    return out.toString();
  }
}
