package dev.jubal.api.xaigrpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.proto.xai.AuthGrpc;
import dev.jubal.proto.xai.ChatGrpc;
import dev.jubal.proto.xai.CompactContextRequest;
import dev.jubal.proto.xai.CompactContextResponse;
import dev.jubal.proto.xai.Content;
import dev.jubal.proto.xai.DeferredStatus;
import dev.jubal.proto.xai.DeleteStoredCompletionRequest;
import dev.jubal.proto.xai.GetChatCompletionChunk;
import dev.jubal.proto.xai.GetChatCompletionResponse;
import dev.jubal.proto.xai.GetCompletionsRequest;
import dev.jubal.proto.xai.GetDeferredCompletionResponse;
import dev.jubal.proto.xai.GetDeferredRequest;
import dev.jubal.proto.xai.GetStoredCompletionRequest;
import dev.jubal.proto.xai.Message;
import dev.jubal.proto.xai.MessageRole;
import dev.jubal.testing.Await;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.Rpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The Chat service over the whole server: what takes more than one call. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ChatRpcsTest {
  private static final String MODEL = "grok-4-fast-non-reasoning";

  private JubalServer server;
  private ChatGrpc.ChatBlockingStub chat;

  @BeforeAll
  void start() {
    server = JubalServer.scripted("{\"answers\":[{\"steps\":[{\"text\":\"Hello there\"}]}]}");
    chat = ChatGrpc.newBlockingStub(Rpc.channel(server.port(), server.key()));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private static Message user(String text) {
    return Message.newBuilder()
        .setRole(MessageRole.ROLE_USER)
        .addContent(Content.newBuilder().setText(text))
        .build();
  }

  private static GetCompletionsRequest.Builder asks(String text) {
    return GetCompletionsRequest.newBuilder().setModel(MODEL).addMessages(user(text));
  }

  private static Status.Code refused(Runnable call) {
    return assertThrows(StatusRuntimeException.class, call::run).getStatus().getCode();
  }

  @Test
  void aStoredCompletionIsReadContinuedAndDeleted() {
    GetChatCompletionResponse made = chat.getCompletion(asks("Hi").setStoreMessages(true).build());
    GetStoredCompletionRequest id =
        GetStoredCompletionRequest.newBuilder().setResponseId(made.getId()).build();
    assertEquals(made, chat.getStoredCompletion(id));
    GetChatCompletionResponse next =
        chat.getCompletion(asks("And?").setPreviousResponseId(made.getId()).build());
    assertTrue(next.getUsage().getPromptTokens() > made.getUsage().getPromptTokens());
    assertEquals(
        made.getId(),
        chat.deleteStoredCompletion(
                DeleteStoredCompletionRequest.newBuilder().setResponseId(made.getId()).build())
            .getResponseId());
    assertEquals(Status.Code.NOT_FOUND, refused(() -> chat.getStoredCompletion(id)));
  }

  @Test
  void aStreamedCompletionIsStoredAsItWasShown() {
    List<GetChatCompletionChunk> chunks = new ArrayList<>();
    chat.getCompletionChunk(asks("Hi").setStoreMessages(true).build())
        .forEachRemaining(chunks::add);
    GetChatCompletionResponse stored =
        chat.getStoredCompletion(
            GetStoredCompletionRequest.newBuilder()
                .setResponseId(chunks.getFirst().getId())
                .build());
    assertEquals("Hello there", stored.getOutputs(0).getMessage().getContent());
    assertEquals(chunks.getLast().getUsage(), stored.getUsage());
  }

  @Test
  void whatIsNotStoredIsNotFound() {
    GetChatCompletionResponse made = chat.getCompletion(asks("Hi").build());
    assertEquals(
        Status.Code.NOT_FOUND,
        refused(
            () ->
                chat.getStoredCompletion(
                    GetStoredCompletionRequest.newBuilder().setResponseId(made.getId()).build())));
  }

  @Test
  void aDeferredCompletionIsCollected() {
    String id = chat.startDeferredCompletion(asks("Hi").setN(2).build()).getRequestId();
    AtomicReference<GetDeferredCompletionResponse> got = new AtomicReference<>();
    Await.until(
        "the deferred answer",
        () -> {
          got.set(
              chat.getDeferredCompletion(GetDeferredRequest.newBuilder().setRequestId(id).build()));
          return got.get().getStatus() == DeferredStatus.DONE;
        });
    GetChatCompletionResponse response = got.get().getResponse();
    assertEquals(id, response.getId());
    assertEquals(2, response.getOutputsCount());
    assertEquals("Hello there", response.getOutputs(1).getMessage().getContent());
  }

  @Test
  void unknownDeferredWorkIsNotFound() {
    assertEquals(
        Status.Code.NOT_FOUND,
        refused(
            () ->
                chat.getDeferredCompletion(
                    GetDeferredRequest.newBuilder().setRequestId("nope").build())));
  }

  @Test
  void aCompactedConversationIsGivenBackInTheUsersPlace() {
    CompactContextRequest.Builder long_ = CompactContextRequest.newBuilder().setModel(MODEL);
    for (int i = 0; i < 40; i++) {
      long_.addInput(user("Turn " + i + " of a long conversation about the weather in Paris."));
    }
    CompactContextResponse compacted = chat.compactContext(long_.build());
    assertFalse(compacted.getEncryptedContent().isEmpty());
    GetChatCompletionResponse next =
        chat.getCompletion(
            GetCompletionsRequest.newBuilder()
                .setModel(MODEL)
                .addMessages(
                    Message.newBuilder()
                        .setRole(MessageRole.ROLE_USER)
                        .setEncryptedContent(compacted.getEncryptedContent()))
                .addMessages(user("And now?"))
                .build());
    assertEquals("Hello there", next.getOutputs(0).getMessage().getContent());
    assertEquals(
        Status.Code.INVALID_ARGUMENT,
        refused(
            () ->
                chat.getCompletion(
                    GetCompletionsRequest.newBuilder()
                        .setModel(MODEL)
                        .addMessages(
                            Message.newBuilder()
                                .setRole(MessageRole.ROLE_USER)
                                .setEncryptedContent("changed"))
                        .build())));
  }

  @Test
  void aKeyIsAskedForAndDescribed() {
    assertEquals(
        Status.Code.UNAUTHENTICATED,
        refused(
            () ->
                AuthGrpc.newBlockingStub(Rpc.channel(server.port(), ""))
                    .getApiKeyInfo(com.google.protobuf.Empty.getDefaultInstance())));
    assertEquals(
        Status.Code.UNAUTHENTICATED,
        refused(
            () ->
                ChatGrpc.newBlockingStub(Rpc.channel(server.port(), "wrong"))
                    .getCompletion(asks("Hi").build())));
    assertFalse(
        AuthGrpc.newBlockingStub(Rpc.channel(server.port(), server.key()))
            .getApiKeyInfo(com.google.protobuf.Empty.getDefaultInstance())
            .getRedactedApiKey()
            .contains(server.key()));
  }
}
