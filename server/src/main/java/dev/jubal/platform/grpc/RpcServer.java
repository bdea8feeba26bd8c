package dev.jubal.platform.grpc;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestContext;
import com.linecorp.armeria.common.grpc.GrpcSerializationFormats;
import com.linecorp.armeria.server.HttpServiceWithRoutes;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.grpc.GrpcService;
import com.linecorp.armeria.server.grpc.GrpcServiceBuilder;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.http.BodyReader;
import dev.jubal.platform.http.InFlight;
import dev.jubal.platform.http.Protocol;
import dev.jubal.platform.http.RequestObserver;
import dev.jubal.platform.http.edge.Intake;
import io.grpc.Metadata;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * gRPC on the port of HTTP: the services of {@link Rpcs}, and the protocol's own two, which need no
 * key: health, and reflection, which says what OpenAPI says of REST. A client's deadline is
 * honoured by the framework, which then reports the call as cancelled.
 */
public final class RpcServer implements Protocol {
  private final GrpcConfig config;
  private final Parts parts;
  private final HealthStatusManager health = new HealthStatusManager();
  private volatile @Nullable Intake arriving;

  /**
   * What it is made of.
   *
   * @param requestIds gives each call its id
   * @param observer is told of each finished call
   */
  public record Parts(
      Rpcs rpcs, RpcGuard guard, Supplier<String> requestIds, RequestObserver observer) {}

  public RpcServer(GrpcConfig config, Parts parts) {
    this.config = config;
    this.parts = parts;
    parts
        .rpcs()
        .services()
        .keySet()
        .forEach(s -> health.setStatus(s.getName(), ServingStatus.SERVING));
  }

  @Override
  public HttpServiceWithRoutes service(InFlight inFlight, Executor threads, Intake intake) {
    this.arriving = intake;
    GrpcServiceBuilder b =
        GrpcService.builder()
            .supportedSerializationFormats(GrpcSerializationFormats.PROTO)
            .maxRequestMessageLength(config.messageLimit())
            .maxResponseMessageLength(config.messageLimit())
            .useClientTimeoutHeader(true)
            .exceptionHandler((context, status, cause, trailers) -> unframed(cause))
            .exceptionHandler(
                (context, status, cause, metadata) -> broken(context, cause, metadata))
            .addService(health.getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance());
    parts
        .rpcs()
        .services()
        .forEach((service, rpcs) -> b.addService(definition(service, rpcs, inFlight, threads)));
    return new RpcDoor(b.build(), parts, config.messageLimit(), threads, intake);
  }

  /** A message that did not arrive, in the words of the catalogue; null for what others know. */
  private static @Nullable Status broken(
      RequestContext context, Throwable cause, Metadata metadata) {
    RpcDoor.Admitted admitted = context.attr(RpcDoor.ADMITTED);
    if (!(cause instanceof ApiException error) || admitted == null) {
      return null;
    }
    metadata.merge(RpcErrors.trailers(admitted.requestId(), error));
    return RpcErrors.status(error);
  }

  /**
   * Where a message should be there are too few bytes, or none; the framework has no word for it.
   */
  private static @Nullable Status unframed(Throwable cause) {
    return cause instanceof IndexOutOfBoundsException
        ? Status.INVALID_ARGUMENT.withDescription(
            "The call holds no whole message (expected: one).")
        : null;
  }

  private ServerServiceDefinition definition(
      ServiceDescriptor service, List<Rpc<?, ?>> rpcs, InFlight inFlight, Executor threads) {
    ServerServiceDefinition.Builder b = ServerServiceDefinition.builder(service);
    rpcs.forEach(rpc -> add(b, rpc, inFlight, threads));
    return b.build();
  }

  private <Q, A> void add(
      ServerServiceDefinition.Builder b, Rpc<Q, A> rpc, InFlight inFlight, Executor threads) {
    b.addMethod(rpc.method(), new RpcStation<>(rpc, parts, inFlight, threads));
  }

  /** A method that no service has, in the protocol's own words rather than as a page of HTTP. */
  @Override
  public Optional<HttpResponse> unknown(ServiceRequestContext context, HttpRequest request) {
    if (!RpcDoor.isGrpc(request.contentType())) {
      return Optional.empty();
    }
    ApiException error =
        new ApiException(
            ErrorCode.NOT_IMPLEMENTED,
            "There is no method " + request.path() + " (expected: one that reflection lists).");
    String requestId = parts.requestIds().get();
    Intake intake = arriving;
    if (intake != null) {
      BodyReader.discard(context, intake, request);
    }
    return Optional.of(
        RpcDoor.answer(
            request.contentType(),
            RpcErrors.status(error),
            RpcErrors.trailers(requestId, error),
            requestId));
  }

  /** Health says from now on that nothing is served. */
  public void leave() {
    health.enterTerminalState();
  }
}
