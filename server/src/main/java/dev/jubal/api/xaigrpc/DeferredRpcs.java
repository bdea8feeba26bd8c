package dev.jubal.api.xaigrpc;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.jubal.account.Principal;
import dev.jubal.api.GenerationEndpoint;
import dev.jubal.api.IgnoredFields;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.work.Collected;
import dev.jubal.inference.work.Order;
import dev.jubal.inference.work.Submitted;
import dev.jubal.inference.work.Work;
import dev.jubal.inference.work.WorkKind;
import dev.jubal.inference.work.WorkQueue;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.grpc.Rpc;
import dev.jubal.platform.grpc.RpcAnswer;
import dev.jubal.platform.grpc.RpcCall;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.rates.RateHeaders;
import dev.jubal.proto.xai.ChatGrpc;
import dev.jubal.proto.xai.DeferredStatus;
import dev.jubal.proto.xai.GetCompletionsRequest;
import dev.jubal.proto.xai.GetDeferredCompletionResponse;
import dev.jubal.proto.xai.GetDeferredRequest;
import dev.jubal.proto.xai.StartDeferredResponse;
import java.util.Arrays;
import java.util.List;

/** Completions that are started now and collected later. */
final class DeferredRpcs {
  /**
   * Before the request in what the work keeps for its dialect: REST can start what is collected
   * here.
   */
  private static final byte[] MARK = {'g', 'r', 'p', 'c', 0};

  private final GenerationEndpoint endpoint;
  private final WorkQueue work;
  private final Remembered remembered;

  DeferredRpcs(GenerationEndpoint endpoint, WorkQueue work, Remembered remembered) {
    this.endpoint = endpoint;
    this.work = work;
    this.remembered = remembered;
  }

  List<Rpc<?, ?>> methods() {
    return List.of(
        Rpc.of(ChatGrpc.getStartDeferredCompletionMethod())
            .access(Access.ENDPOINT, CompletionReader.ENDPOINT)
            .metered()
            .summary("Starts a completion that is collected later.")
            .handle(this::start),
        Rpc.of(ChatGrpc.getGetDeferredCompletionMethod())
            .access(Access.ENDPOINT, CompletionReader.ENDPOINT)
            .summary("Collects a deferred completion, once it is there.")
            .handle(this::collect));
  }

  private void start(RpcCall<GetCompletionsRequest> call, RpcAnswer<StartDeferredResponse> out) {
    GetCompletionsRequest wire = call.request();
    if (wire.getStoreMessages()) {
      throw Refusal.unavailable("store_messages", true, "false in a deferred request");
    }
    Principal caller = call.caller(Principal.class);
    CompletionReader.Asked asked =
        CompletionReader.read(wire, false, remembered.of(caller), () -> false);
    if (!asked.decoded().ignored().isEmpty()) {
      out.header("x-jubal-ignored", IgnoredFields.header(asked.decoded().ignored()));
    }
    Order order =
        Order.of(
                WorkKind.DEFERRED,
                asked.decoded().request(),
                caller,
                call.requestId(),
                call.clientRequestId())
            .withShape(shape(wire))
            .calling(call.header(Order.WEBHOOK));
    Submitted submitted = endpoint.submit(asked.decoded(), order);
    submitted.rates().ifPresent(rates -> RateHeaders.openAi(rates).forEach(out::header));
    out.send(StartDeferredResponse.newBuilder().setRequestId(submitted.id()).build());
  }

  private void collect(
      RpcCall<GetDeferredRequest> call, RpcAnswer<GetDeferredCompletionResponse> out) {
    String id = call.request().getRequestId();
    Principal caller = call.caller(Principal.class);
    GetDeferredCompletionResponse.Builder response = GetDeferredCompletionResponse.newBuilder();
    switch (work.collect(id, caller)) {
      case Collected.Pending _ -> response.setStatus(DeferredStatus.PENDING);
      // the SDK knows no failed completion, but every status of gRPC
      case Collected.Failed failed -> throw failed.error();
      case Collected.Gone _ ->
          throw ApiException.of(
              ErrorCode.NOT_FOUND,
              "request_id",
              "request_id: there is no deferred completion \""
                  + id
                  + "\" for this key (expected: an id of the last 24 hours whose answer was not"
                  + " collected before).");
      case Collected.Done done -> {
        ChatAnswer answer = new ChatAnswer(asked(done.work()), remembered.of(caller)::sealed);
        done.events()
            .forEach(
                event -> {
                  if (event instanceof GenerationEvent.Accepted a) {
                    out.header("x-jubal-backend", a.resolution().backend());
                    a.resolution()
                        .warning()
                        .ifPresent(w -> out.header(GenerationEndpoint.BUDGET_WARNING, w));
                  }
                  answer.fold(event);
                });
        response.setStatus(DeferredStatus.DONE).setResponse(answer.whole());
      }
    }
    out.send(response.build());
  }

  private static byte[] shape(GetCompletionsRequest wire) {
    byte[] asked = wire.toBuilder().clearMessages().build().toByteArray();
    byte[] shape = Arrays.copyOf(MARK, MARK.length + asked.length);
    System.arraycopy(asked, 0, shape, MARK.length, asked.length);
    return shape;
  }

  private static GetCompletionsRequest asked(Work work) {
    byte[] shape = work.shape();
    if (shape.length >= MARK.length && Arrays.equals(shape, 0, MARK.length, MARK, 0, MARK.length)) {
      try {
        return GetCompletionsRequest.parseFrom(
            Arrays.copyOfRange(shape, MARK.length, shape.length));
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException("work " + work.id() + " keeps no request", e);
      }
    }
    GenerationRequest.Options options = work.request().options();
    return GetCompletionsRequest.newBuilder()
        .setN(options.choices())
        .setLogprobs(options.topLogprobs().isPresent())
        .build();
  }
}
