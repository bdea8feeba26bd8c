package dev.jubal.platform.grpc;

import com.linecorp.armeria.server.ServiceRequestContext;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.http.InFlight;
import dev.jubal.platform.http.RequestObserver;
import dev.jubal.platform.time.Cancellation;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Station 1 of one method, behind the {@link RpcDoor}: runs each call on a virtual thread of its
 * own, tells it when the client leaves, and is the one catch.
 */
final class RpcStation<Q, A> implements ServerCallHandler<Q, A> {
  private static final Logger log = LoggerFactory.getLogger(RpcStation.class);
  private static final int OK = 200;

  private final Rpc<Q, A> rpc;
  private final RpcServer.Parts parts;
  private final InFlight inFlight;
  private final Executor threads;

  RpcStation(Rpc<Q, A> rpc, RpcServer.Parts parts, InFlight inFlight, Executor threads) {
    this.rpc = rpc;
    this.parts = parts;
    this.inFlight = inFlight;
    this.threads = threads;
  }

  @Override
  public ServerCall.Listener<Q> startCall(ServerCall<Q, A> call, Metadata headers) {
    Running running = new Running(call, headers, ServiceRequestContext.current());
    inFlight.begin(running.gone);
    call.request(2); // a second message would be one too many, and has to be seen for that
    return running;
  }

  /** One call, as the framework tells of it; none of this may block. */
  private final class Running extends ServerCall.Listener<Q> {
    private final ServerCall<Q, A> call;
    private final Metadata headers;
    private final ServiceRequestContext context;
    private final RpcDoor.Admitted admitted;
    private final String requestId;
    private final Cancellation gone = new Cancellation();
    private final RpcAnswer<A> answer;
    private final AtomicBoolean ended = new AtomicBoolean();
    private @Nullable Q request;
    private volatile int status = ErrorCode.CLIENT_CLOSED_REQUEST.status();

    Running(ServerCall<Q, A> call, Metadata headers, ServiceRequestContext context) {
      this.call = call;
      this.headers = headers;
      this.context = context;
      this.admitted =
          Objects.requireNonNull(context.attr(RpcDoor.ADMITTED), "no call goes around the door");
      this.requestId = admitted.requestId();
      this.answer = new RpcAnswer<>(call, context.eventLoop(), gone);
      answer.header("x-request-id", requestId);
    }

    @Override
    public void onMessage(Q message) {
      request = message;
      if (!rpc.method().getType().clientSendsOneMessage()) {
        // a client that is answered while it still sends sees a reset stream, not the answer
        call.request(1);
      }
    }

    @Override
    public void onHalfClose() {
      Q message = request;
      request = null; // the call keeps this listener until it ends
      admitted.trace().enter("decode");
      threads.execute(
          () ->
              admitted
                  .trace()
                  .run(() -> run(new RpcCall<>(rpc, requestId, headers, gone, message))));
    }

    @Override
    public void onReady() {
      answer.wake();
    }

    @Override
    public void onCancel() {
      end();
      gone.cancel(
          new ApiException(
              ErrorCode.CLIENT_CLOSED_REQUEST,
              context.isTimedOut() ? "The client's deadline passed." : "The client left."));
    }

    @Override
    public void onComplete() {
      end();
    }

    private void end() {
      if (ended.compareAndSet(false, true)) {
        inFlight.end(gone);
        parts
            .observer()
            .finished(
                new RequestObserver.Finished(
                    requestId,
                    RpcCall.clientRequestId(headers),
                    "GRPC",
                    rpc.endpoint(),
                    status,
                    Duration.ofNanos(System.nanoTime() - admitted.start()),
                    admitted.trace()));
      }
    }

    /** Runs stations 3 to 8. */
    private void run(RpcCall<Q> received) {
      try {
        answer(received);
        status = OK;
        close(Status.OK, new Metadata());
      } catch (ApiException e) {
        fail(e);
      } catch (OutOfMemoryError e) {
        log.error("request {} found no memory", requestId, e);
        fail(
            new ApiException(
                ErrorCode.SERVICE_UNAVAILABLE, "The server has no memory left for this request."));
      } catch (Throwable e) {
        // errors too: a client must never wait for an answer that nobody will write
        log.error("request {} failed by a defect", requestId, e);
        fail(
            new ApiException(
                ErrorCode.INTERNAL_ERROR,
                "Internal error; the log names it under request id " + requestId + "."));
      }
    }

    private void answer(RpcCall<Q> received) throws Exception {
      if (inFlight.refusing()) {
        throw ApiException.retry(
            ErrorCode.SERVICE_UNAVAILABLE, "The server is stopping.", Duration.ofSeconds(1));
      }
      Object caller = admitted.caller();
      if (caller != null) {
        received.caller(caller);
      }
      rpc.handler().handle(received, answer);
      Optional<ApiException> left = gone.reason();
      if (left.isPresent()) {
        throw left.get();
      }
    }

    private void fail(ApiException error) {
      status = error.code().status();
      admitted.trace().note("error", error.code().code());
      close(RpcErrors.status(error), RpcErrors.trailers(requestId, error));
    }

    private void close(Status result, Metadata trailers) {
      if (!ended.get()) {
        answer.close(result, trailers);
      }
    }
  }
}
