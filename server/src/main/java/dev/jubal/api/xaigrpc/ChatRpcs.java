package dev.jubal.api.xaigrpc;

import dev.jubal.account.Principal;
import dev.jubal.account.ledger.Companion;
import dev.jubal.account.ledger.Settlement;
import dev.jubal.api.GenerationEndpoint;
import dev.jubal.inference.Generator;
import dev.jubal.inference.Item;
import dev.jubal.inference.Keeping;
import dev.jubal.inference.memory.Kept;
import dev.jubal.inference.memory.StoredResponse;
import dev.jubal.platform.grpc.Rpc;
import dev.jubal.platform.grpc.RpcAnswer;
import dev.jubal.platform.grpc.RpcCall;
import dev.jubal.platform.grpc.Rpcs;
import dev.jubal.platform.http.Access;
import dev.jubal.proto.xai.ChatGrpc;
import dev.jubal.proto.xai.GetChatCompletionChunk;
import dev.jubal.proto.xai.GetChatCompletionResponse;
import dev.jubal.proto.xai.GetCompletionsRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code xai_api.Chat}. */
final class ChatRpcs {
  private final GenerationEndpoint endpoint;
  private final Remembered remembered;
  private final DeferredRpcs deferred;
  private final StoredRpcs stored;

  ChatRpcs(
      GenerationEndpoint endpoint,
      Remembered remembered,
      DeferredRpcs deferred,
      StoredRpcs stored) {
    this.endpoint = endpoint;
    this.remembered = remembered;
    this.deferred = deferred;
    this.stored = stored;
  }

  void register(Rpcs rpcs) {
    List<Rpc<?, ?>> methods = new ArrayList<>();
    methods.add(
        Rpc.of(ChatGrpc.getGetCompletionMethod())
            .access(Access.ENDPOINT, CompletionReader.ENDPOINT)
            .metered()
            .summary("Continues a conversation.")
            .handle(this::complete));
    methods.add(
        Rpc.of(ChatGrpc.getGetCompletionChunkMethod())
            .access(Access.ENDPOINT, CompletionReader.ENDPOINT)
            .metered()
            .summary("Continues a conversation, chunk by chunk.")
            .handle(this::stream));
    methods.addAll(deferred.methods());
    methods.addAll(stored.methods());
    rpcs.add(ChatGrpc.getServiceDescriptor(), methods);
  }

  private void complete(
      RpcCall<GetCompletionsRequest> call, RpcAnswer<GetChatCompletionResponse> out) {
    CompletionReader.Asked asked = read(call, false);
    ChatAnswer answer = answer(call);
    endpoint.run(asked.decoded(), keeping(call, asked, answer), out::header, answer::fold);
    out.send(answer.whole());
  }

  private void stream(RpcCall<GetCompletionsRequest> call, RpcAnswer<GetChatCompletionChunk> out) {
    CompletionReader.Asked asked = read(call, true);
    ChatAnswer shown = answer(call);
    ChatAnswer kept = answer(call);
    endpoint.run(
        asked.decoded(),
        keeping(call, asked, kept),
        out::header,
        event -> {
          if (asked.store()) {
            kept.fold(event);
          }
          shown.stream(event, out::send);
        });
  }

  private CompletionReader.Asked read(RpcCall<GetCompletionsRequest> call, boolean stream) {
    Principal caller = call.caller(Principal.class);
    return CompletionReader.read(
        call.request(), stream, remembered.of(caller), () -> remembered.memory().stores(caller));
  }

  private ChatAnswer answer(RpcCall<GetCompletionsRequest> call) {
    Remembered.Recall recall = remembered.of(call.caller(Principal.class));
    return new ChatAnswer(call.request(), recall::sealed);
  }

  private Generator.Caller keeping(
      RpcCall<GetCompletionsRequest> call, CompletionReader.Asked asked, ChatAnswer answer) {
    Principal caller = call.caller(Principal.class);
    Keeping keeping =
        asked.store()
            ? settlement -> companion(caller, call.request(), asked, answer, settlement)
            : Keeping.NOTHING;
    return new Generator.Caller(
        caller, call.requestId(), call.clientRequestId(), call.gone(), false, keeping);
  }

  /** An answer that did not end well is not stored: nobody was given an id to ask for it. */
  private Companion companion(
      Principal caller,
      GetCompletionsRequest wire,
      CompletionReader.Asked asked,
      ChatAnswer answer,
      Settlement settlement) {
    if (settlement.status() != 200 || answer.accepted().isEmpty()) {
      return Companion.NONE;
    }
    GetChatCompletionResponse whole =
        answer.whole(Answers.usage(settlement.usage(), settlement.costTicks()));
    String id = whole.getId();
    StoredResponse.Content content =
        new StoredResponse.Content(
            whole.getModel(),
            Optional.empty(),
            kept("in_" + id, asked.own()),
            kept("out_" + id, answer.said()),
            asked.decoded().request().options().tools(),
            Optional.of(new StoredResponse.Spent(settlement.usage(), settlement.costTicks())),
            Optional.of(StoredRpcs.face(whole)));
    return remembered
        .memory()
        .keeping(
            caller,
            new StoredResponse(
                id,
                caller.teamId(),
                Optional.of(wire.getPreviousResponseId()).filter(p -> !p.isEmpty()),
                answer.cut() ? StoredResponse.Status.INCOMPLETE : StoredResponse.Status.COMPLETED,
                answer.accepted().orElseThrow().admitted(),
                content));
  }

  private static List<Kept> kept(String prefix, List<Item> items) {
    List<Kept> kept = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      kept.add(Kept.of(prefix + "_" + i, items.get(i)));
    }
    return kept;
  }

  static Generator.Caller caller(RpcCall<?> call) {
    return new Generator.Caller(
        call.caller(Principal.class), call.requestId(), call.clientRequestId(), call.gone());
  }
}
