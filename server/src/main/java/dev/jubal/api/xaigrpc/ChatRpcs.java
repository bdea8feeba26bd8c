package dev.jubal.api.xaigrpc;

import dev.jubal.account.Principal;
import dev.jubal.api.Decoded;
import dev.jubal.api.GenerationEndpoint;
import dev.jubal.inference.Generator;
import dev.jubal.platform.grpc.Rpc;
import dev.jubal.platform.grpc.RpcAnswer;
import dev.jubal.platform.grpc.RpcCall;
import dev.jubal.platform.grpc.Rpcs;
import dev.jubal.platform.http.Access;
import dev.jubal.proto.xai.ChatGrpc;
import dev.jubal.proto.xai.GetChatCompletionChunk;
import dev.jubal.proto.xai.GetChatCompletionResponse;
import dev.jubal.proto.xai.GetCompletionsRequest;
import java.util.List;

/** {@code xai_api.Chat}. */
final class ChatRpcs {
  private static final String ENDPOINT = "chat";

  private final GenerationEndpoint endpoint;

  ChatRpcs(GenerationEndpoint endpoint) {
    this.endpoint = endpoint;
  }

  void register(Rpcs rpcs) {
    rpcs.add(
        ChatGrpc.getServiceDescriptor(),
        List.of(
            Rpc.of(ChatGrpc.getGetCompletionMethod())
                .access(Access.ENDPOINT, ENDPOINT)
                .metered()
                .summary("Continues a conversation.")
                .handle(this::complete),
            Rpc.of(ChatGrpc.getGetCompletionChunkMethod())
                .access(Access.ENDPOINT, ENDPOINT)
                .metered()
                .summary("Continues a conversation, chunk by chunk.")
                .handle(this::stream),
            Rpc.later(ChatGrpc.getStartDeferredCompletionMethod(), "Deferred completions"),
            Rpc.later(ChatGrpc.getGetDeferredCompletionMethod(), "Deferred completions"),
            Rpc.later(ChatGrpc.getGetStoredCompletionMethod(), "Stored completions"),
            Rpc.later(ChatGrpc.getDeleteStoredCompletionMethod(), "Stored completions"),
            Rpc.later(ChatGrpc.getCompactContextMethod(), "Compacted conversations")));
  }

  private void complete(
      RpcCall<GetCompletionsRequest> call, RpcAnswer<GetChatCompletionResponse> out) {
    Decoded decoded = CompletionReader.read(call.request(), false);
    ChatAnswer answer = new ChatAnswer(call.request());
    endpoint.run(decoded, caller(call), out::header, answer::fold);
    out.send(answer.whole());
  }

  private void stream(RpcCall<GetCompletionsRequest> call, RpcAnswer<GetChatCompletionChunk> out) {
    Decoded decoded = CompletionReader.read(call.request(), true);
    ChatAnswer answer = new ChatAnswer(call.request());
    endpoint.run(decoded, caller(call), out::header, event -> answer.stream(event, out::send));
  }

  static Generator.Caller caller(RpcCall<?> call) {
    return new Generator.Caller(
        call.caller(Principal.class), call.requestId(), call.clientRequestId(), call.gone());
  }
}
