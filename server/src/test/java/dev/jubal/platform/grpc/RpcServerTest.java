package dev.jubal.platform.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.OpenAiErrors;
import dev.jubal.proto.xai.ChatGrpc;
import dev.jubal.proto.xai.Content;
import dev.jubal.proto.xai.GetChatCompletionChunk;
import dev.jubal.proto.xai.GetCompletionsRequest;
import dev.jubal.proto.xai.Message;
import dev.jubal.proto.xai.MessageRole;
import dev.jubal.proto.xai.TokenizeGrpc;
import dev.jubal.testing.Await;
import dev.jubal.testing.Rpc;
import dev.jubal.testing.ScriptedServer;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The protocol itself: refusals, deadlines, departures, health, reflection. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RpcServerTest {
  private static final String HOLD =
      "{\"answers\":[{\"steps\":[{\"text\":\"Hi\"},{\"hold\":true}]}]}";

  private ScriptedServer server;

  @BeforeAll
  void start() {
    server = new ScriptedServer(new OpenAiErrors());
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private ChatGrpc.ChatBlockingStub chat() {
    return ChatGrpc.newBlockingStub(Rpc.channel(server.port(), ""));
  }

  private static GetCompletionsRequest request() {
    return GetCompletionsRequest.newBuilder()
        .setModel(ScriptedServer.MODEL)
        .addMessages(
            Message.newBuilder()
                .setRole(MessageRole.ROLE_USER)
                .addContent(Content.newBuilder().setText("Hi")))
        .build();
  }

  private int settledStatus() {
    Await.until("a settlement", () -> !server.ledger().settlements().isEmpty());
    return server.ledger().settlements().values().iterator().next().status();
  }

  @Test
  void aDeadlineEndsTheWork() {
    server.script(HOLD);
    StatusRuntimeException e =
        assertThrows(
            StatusRuntimeException.class,
            () -> chat().withDeadlineAfter(300, TimeUnit.MILLISECONDS).getCompletion(request()));
    assertEquals(Status.Code.DEADLINE_EXCEEDED, e.getStatus().getCode());
    assertEquals(499, settledStatus());
  }

  @Test
  void aClientThatLeavesEndsTheWork() throws Exception {
    server.script(HOLD);
    ClientCall<GetCompletionsRequest, GetChatCompletionChunk> call =
        Rpc.channel(server.port(), "")
            .newCall(ChatGrpc.getGetCompletionChunkMethod(), CallOptions.DEFAULT);
    CompletableFuture<GetChatCompletionChunk> first = new CompletableFuture<>();
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(GetChatCompletionChunk chunk) {
            first.complete(chunk);
          }
        },
        new Metadata());
    call.sendMessage(request());
    call.halfClose();
    call.request(1);
    first.get(20, TimeUnit.SECONDS);
    call.cancel("enough", null);
    assertEquals(499, settledStatus());
  }

  @Test
  void anUnknownMethodIsUnimplemented() {
    MethodDescriptor<GetCompletionsRequest, GetChatCompletionChunk> unknown =
        ChatGrpc.getGetCompletionChunkMethod().toBuilder()
            .setFullMethodName("xai_api.Chat/NoSuchMethod")
            .setType(MethodDescriptor.MethodType.UNARY)
            .build();
    StatusRuntimeException e =
        assertThrows(
            StatusRuntimeException.class,
            () ->
                ClientCalls.blockingUnaryCall(
                    Rpc.channel(server.port(), ""), unknown, CallOptions.DEFAULT, request()));
    assertEquals(Status.Code.UNIMPLEMENTED, e.getStatus().getCode());
    assertTrue(String.valueOf(e.getStatus().getDescription()).contains("NoSuchMethod"));
  }

  /** No client library does so, but anybody can. */
  @Test
  void aCallWithoutAWholeMessageIsRefused() {
    WebClient client = WebClient.of("h2c://127.0.0.1:" + server.port());
    for (String method : List.of("GetCompletion", "GetCompletionChunk")) {
      for (byte[] body : List.of(new byte[0], new byte[] {0, 0, 0}, new byte[] {0, 0, 0, 0, 9})) {
        RequestHeaders head =
            RequestHeaders.builder(HttpMethod.POST, "/xai_api.Chat/" + method)
                .add("content-type", "application/grpc")
                .add("te", "trailers")
                .build();
        AggregatedHttpResponse answer =
            client.execute(head, HttpData.wrap(body)).aggregate().join();
        HttpHeaders status =
            answer.trailers().contains("grpc-status") ? answer.trailers() : answer.headers();
        String said = method + " " + body.length + " " + answer.headers() + answer.trailers();
        assertEquals("3", status.get("grpc-status"), said);
        assertTrue(String.valueOf(status.get("grpc-message")).contains("message"), said);
      }
    }
  }

  @Test
  void aMessageOverTheLimitIsRefused() {
    server.script("{\"answers\":[{\"steps\":[{\"text\":\"Hi\"}]}]}");
    GetCompletionsRequest large =
        request().toBuilder()
            .addMessages(
                Message.newBuilder()
                    .setRole(MessageRole.ROLE_USER)
                    .addContent(Content.newBuilder().setText("a".repeat(21 << 20))))
            .build();
    StatusRuntimeException e =
        assertThrows(StatusRuntimeException.class, () -> chat().getCompletion(large));
    assertEquals(Status.Code.RESOURCE_EXHAUSTED, e.getStatus().getCode());
  }

  @Test
  void healthNeedsNoKeyAndSaysThatAllIsServed() {
    for (String service : List.of("", "xai_api.Chat")) {
      assertEquals(
          HealthCheckResponse.ServingStatus.SERVING,
          HealthGrpc.newBlockingStub(Rpc.channel(server.port(), ""))
              .check(HealthCheckRequest.newBuilder().setService(service).build())
              .getStatus());
    }
  }

  @Test
  void reflectionListsTheServices() throws Exception {
    CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> ask =
        ServerReflectionGrpc.newStub(Rpc.channel(server.port(), ""))
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {
                    answer.complete(response);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    answer.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {
                    // the answer came before
                  }
                });
    ask.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    List<String> names =
        answer.get(20, TimeUnit.SECONDS).getListServicesResponse().getServiceList().stream()
            .map(s -> s.getName())
            .toList();
    ask.onCompleted();
    assertTrue(
        names.containsAll(List.of("xai_api.Chat", "collections.Collections")), () -> "" + names);
  }

  @Test
  void noMethodIsOpenAndWorkIsInTheLedger() {
    for (dev.jubal.platform.grpc.Rpc<?, ?> rpc : server.rpcs().all()) {
      String name = rpc.method().getFullMethodName();
      assertTrue(rpc.access() != Access.PUBLIC, name);
    }
  }

  @Test
  void aForgottenMethodStopsTheStart() {
    assertThrows(
        IllegalStateException.class,
        () -> new Rpcs().add(TokenizeGrpc.getServiceDescriptor(), List.of()));
    assertThrows(
        NullPointerException.class,
        () ->
            dev.jubal.platform.grpc.Rpc.of(TokenizeGrpc.getTokenizeTextMethod())
                .handle((call, answer) -> {}));
  }
}
