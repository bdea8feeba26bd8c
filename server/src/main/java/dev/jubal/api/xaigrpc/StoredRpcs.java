package dev.jubal.api.xaigrpc;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.jubal.account.Principal;
import dev.jubal.api.IgnoredFields;
import dev.jubal.inference.Item;
import dev.jubal.inference.memory.Compaction;
import dev.jubal.inference.memory.Kept;
import dev.jubal.inference.memory.StoredResponse;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.grpc.Rpc;
import dev.jubal.platform.grpc.RpcAnswer;
import dev.jubal.platform.grpc.RpcCall;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.json.Json;
import dev.jubal.proto.xai.ChatGrpc;
import dev.jubal.proto.xai.CompactContextRequest;
import dev.jubal.proto.xai.CompactContextResponse;
import dev.jubal.proto.xai.CompletionMessage;
import dev.jubal.proto.xai.CompletionOutput;
import dev.jubal.proto.xai.DeleteStoredCompletionRequest;
import dev.jubal.proto.xai.DeleteStoredCompletionResponse;
import dev.jubal.proto.xai.FinishReason;
import dev.jubal.proto.xai.FunctionCall;
import dev.jubal.proto.xai.GetChatCompletionResponse;
import dev.jubal.proto.xai.GetStoredCompletionRequest;
import dev.jubal.proto.xai.MessageRole;
import dev.jubal.proto.xai.ToolCall;
import dev.jubal.proto.xai.ToolCallStatus;
import dev.jubal.proto.xai.ToolCallType;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Completions that were stored, by whatever dialect, and conversations made shorter. */
final class StoredRpcs {
  private static final String DIALECT = "grpc";

  private final Remembered remembered;

  StoredRpcs(Remembered remembered) {
    this.remembered = remembered;
  }

  /** The form in which this dialect keeps a response. */
  private record Face(String response) {}

  static StoredResponse.Face face(GetChatCompletionResponse whole) {
    return new StoredResponse.Face(
        DIALECT, Json.string(new Face(Base64.getEncoder().encodeToString(whole.toByteArray()))));
  }

  List<Rpc<?, ?>> methods() {
    return List.of(
        Rpc.of(ChatGrpc.getGetStoredCompletionMethod())
            .access(Access.ENDPOINT, CompletionReader.ENDPOINT)
            .summary("Reads a stored completion again.")
            .handle(this::get),
        Rpc.of(ChatGrpc.getDeleteStoredCompletionMethod())
            .access(Access.ENDPOINT, CompletionReader.ENDPOINT)
            .summary("Deletes a stored completion for good.")
            .handle(this::delete),
        Rpc.of(ChatGrpc.getCompactContextMethod())
            .access(Access.ENDPOINT, CompletionReader.ENDPOINT)
            .metered()
            .summary(
                "Makes a conversation shorter: instructions and recent turns stay, the model"
                    + " summarises the rest.")
            .handle(this::compact));
  }

  private void get(
      RpcCall<GetStoredCompletionRequest> call, RpcAnswer<GetChatCompletionResponse> out) {
    String id = call.request().getResponseId();
    StoredResponse stored =
        remembered
            .memory()
            .find(call.caller(Principal.class).teamOfStored(), id)
            .orElseThrow(() -> unknown(id));
    out.send(shown(stored));
  }

  private void delete(
      RpcCall<DeleteStoredCompletionRequest> call, RpcAnswer<DeleteStoredCompletionResponse> out) {
    String id = call.request().getResponseId();
    if (!remembered.memory().delete(call.caller(Principal.class).teamOfStored(), id)) {
      throw unknown(id);
    }
    out.send(DeleteStoredCompletionResponse.newBuilder().setResponseId(id).build());
  }

  private static ApiException unknown(String id) {
    return ApiException.of(
        ErrorCode.NOT_FOUND,
        "response_id",
        "response_id: there is no stored completion \""
            + id
            + "\" of this team (expected: an id whose completion was stored, and neither deleted"
            + " nor expired).");
  }

  private static GetChatCompletionResponse shown(StoredResponse stored) {
    Optional<StoredResponse.Face> own =
        stored.content().face().filter(f -> f.dialect().equals(DIALECT));
    if (own.isEmpty()) {
      return foreign(stored);
    }
    try {
      String response =
          Json.tree(own.get().json().getBytes(java.nio.charset.StandardCharsets.UTF_8))
              .path("response")
              .stringValue();
      return GetChatCompletionResponse.parseFrom(Base64.getDecoder().decode(response));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("stored completion " + stored.id() + " has no message", e);
    }
  }

  /** One that another dialect stored, by what all dialects know of it. */
  private static GetChatCompletionResponse foreign(StoredResponse stored) {
    CompletionMessage.Builder message =
        CompletionMessage.newBuilder().setRole(MessageRole.ROLE_ASSISTANT);
    StringBuilder text = new StringBuilder();
    StringBuilder thought = new StringBuilder();
    for (Item item : Kept.items(stored.content().output())) {
      switch (item) {
        case Item.Message m -> text.append(m.text());
        case Item.Reasoning r -> thought.append(r.text());
        case Item.FunctionCall c -> message.addToolCalls(call(c));
        case Item.FunctionCallOutput _ -> {
          // what a client gave is no output
        }
      }
    }
    message.setContent(text.toString()).setReasoningContent(thought.toString());
    GetChatCompletionResponse.Builder response =
        GetChatCompletionResponse.newBuilder()
            .setId(stored.id())
            .setModel(stored.content().model())
            .setCreated(Answers.time(stored.created()))
            .addOutputs(
                CompletionOutput.newBuilder()
                    .setMessage(message)
                    .setFinishReason(reason(stored, message.getToolCallsCount() > 0)));
    stored
        .content()
        .spent()
        .ifPresent(s -> response.setUsage(Answers.usage(s.usage(), s.costTicks())));
    return response.build();
  }

  private static FinishReason reason(StoredResponse stored, boolean called) {
    return switch (stored.status()) {
      case INCOMPLETE -> FinishReason.REASON_MAX_LEN;
      case COMPLETED -> called ? FinishReason.REASON_TOOL_CALLS : FinishReason.REASON_STOP;
      case QUEUED, IN_PROGRESS, FAILED, CANCELLED -> FinishReason.REASON_INVALID;
    };
  }

  private static ToolCall call(Item.FunctionCall call) {
    return ToolCall.newBuilder()
        .setId(call.callId())
        .setType(ToolCallType.TOOL_CALL_TYPE_CLIENT_SIDE_TOOL)
        .setStatus(ToolCallStatus.TOOL_CALL_STATUS_COMPLETED)
        .setFunction(FunctionCall.newBuilder().setName(call.name()).setArguments(call.arguments()))
        .build();
  }

  private void compact(RpcCall<CompactContextRequest> call, RpcAnswer<CompactContextResponse> out) {
    CompactContextRequest wire = call.request();
    if (wire.getModel().isEmpty()) {
      throw Refusal.missing("model", "name or alias of a model");
    }
    Principal caller = call.caller(Principal.class);
    List<String> ignored = new ArrayList<>();
    List<Item> items =
        new MessageReader(ignored, remembered.of(caller)).items(wire.getInputList(), "input");
    Compaction.Compacted compacted =
        remembered.compactions().compact(wire.getModel(), items, ChatRpcs.caller(call));
    if (!ignored.isEmpty()) {
      out.header("x-jubal-ignored", IgnoredFields.header(ignored));
    }
    out.send(
        CompactContextResponse.newBuilder()
            .setId("cmp_" + call.requestId())
            .setEncryptedContent(compacted.sealed())
            .setDroppedMessageCount(compacted.dropped())
            .setUsage(Answers.usage(compacted.usage(), compacted.costTicks()))
            .build());
  }
}
