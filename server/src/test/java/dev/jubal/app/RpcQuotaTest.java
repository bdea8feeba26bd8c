package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import com.google.rpc.QuotaFailure;
import com.google.rpc.RetryInfo;
import dev.jubal.account.budget.Budget;
import dev.jubal.account.budget.BudgetStore;
import dev.jubal.account.budget.Window;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.limits.LimitStore;
import dev.jubal.account.limits.Quota;
import dev.jubal.account.limits.Rule;
import dev.jubal.account.limits.Scope;
import dev.jubal.platform.sql.Database;
import dev.jubal.proto.xai.ChatGrpc;
import dev.jubal.proto.xai.Content;
import dev.jubal.proto.xai.EmbedInput;
import dev.jubal.proto.xai.EmbedRequest;
import dev.jubal.proto.xai.EmbedderGrpc;
import dev.jubal.proto.xai.GetCompletionsRequest;
import dev.jubal.proto.xai.Message;
import dev.jubal.proto.xai.MessageRole;
import dev.jubal.proto.xai.SampleGrpc;
import dev.jubal.proto.xai.SampleTextRequest;
import dev.jubal.testing.Await;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.Rpc;
import dev.jubal.testing.Stores;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What callers over gRPC are told of money, limits and their own users. */
@ParameterizedClass
@EnumSource(Stores.class)
final class RpcQuotaTest {
  private static final String SCRIPT = "{\"answers\":[{\"steps\":[{\"text\":\"Hello\"}]}]}";

  @Parameter private Stores on = Stores.SQLITE;

  private static GetCompletionsRequest.Builder asks(int most) {
    return GetCompletionsRequest.newBuilder()
        .setModel("grok-4")
        .setMaxTokens(most)
        .addMessages(
            Message.newBuilder()
                .setRole(MessageRole.ROLE_USER)
                .addContent(Content.newBuilder().setText("hi")));
  }

  private static String team(Database database) {
    return new TeamStore(database).named("default").id();
  }

  private static StatusRuntimeException refused(Runnable call) {
    return assertThrows(StatusRuntimeException.class, call::run);
  }

  private static Status.Code code(Runnable call) {
    try {
      call.run();
      return Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }

  private static String text(StatusRuntimeException e) {
    return String.valueOf(e.getStatus().getDescription());
  }

  private static List<Any> details(StatusRuntimeException e) throws Exception {
    byte[] details =
        Objects.requireNonNull(
            Objects.requireNonNull(e.getTrailers())
                .get(Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER)));
    return com.google.rpc.Status.parseFrom(details).getDetailsList();
  }

  @Test
  void moneyThatIsUsedUpIsToldAndNotToBeTriedAgain() throws Exception {
    try (JubalServer server = JubalServer.scripted(on, SCRIPT, "budget.refresh", "10ms")) {
      ChatGrpc.ChatBlockingStub chat =
          ChatGrpc.newBlockingStub(Rpc.channel(server.port(), server.key()));
      assertEquals("Hello", said(chat, 5));
      try (Database database = server.database()) {
        new BudgetStore(database, server.clock())
            .set(
                new BudgetStore.Wanted(
                    team(database),
                    Budget.Scope.TEAM,
                    team(database),
                    Window.DAILY,
                    true,
                    20_000_000));
      }
      Await.until(
          "the budget is seen",
          () ->
              code(() -> chat.getCompletion(asks(1000).build())) == Status.Code.RESOURCE_EXHAUSTED);
      List<Runnable> ways =
          List.of(
              () -> chat.getCompletion(asks(1000).build()),
              () -> chat.getCompletionChunk(asks(1000).build()).next(),
              () -> chat.startDeferredCompletion(asks(1000).build()),
              () ->
                  SampleGrpc.newBlockingStub(Rpc.channel(server.port(), server.key()))
                      .sampleText(
                          SampleTextRequest.newBuilder()
                              .setModel("grok-4")
                              .setMaxTokens(1000)
                              .addPrompt("hi")
                              .build()));
      for (Runnable way : ways) {
        StatusRuntimeException e = refused(way);
        assertEquals(Status.Code.RESOURCE_EXHAUSTED, e.getStatus().getCode());
        assertTrue(
            text(e).startsWith("budget_daily of team ")
                && text(e).contains(" of 0.002 USD are taken"),
            text(e));
        Metadata trailers = Objects.requireNonNull(e.getTrailers());
        assertEquals("false", trailers.get(Rpc.header("x-should-retry")));
        assertEquals("-1", trailers.get(Rpc.header("grpc-retry-pushback-ms")));
        assertNull(trailers.get(Rpc.header("retry-after")));
        List<Any> all = details(e);
        assertFalse(all.stream().anyMatch(a -> a.is(RetryInfo.class)), all.toString());
        Any info = all.stream().filter(a -> a.is(ErrorInfo.class)).findFirst().orElseThrow();
        assertEquals("INSUFFICIENT_QUOTA", info.unpack(ErrorInfo.class).getReason());
        assertTrue(all.stream().anyMatch(a -> a.is(QuotaFailure.class)), all.toString());
      }
      assertEquals("Hello", said(chat, 5), "what still fits passes");
    }
  }

  private static String said(ChatGrpc.ChatBlockingStub chat, int most) {
    return chat.getCompletion(asks(most).build()).getOutputs(0).getMessage().getContent();
  }

  @Test
  void anEndUsersNameOfMoreThan512CharactersIsRefused() throws Exception {
    try (JubalServer server = JubalServer.scripted(on, SCRIPT)) {
      Channel channel = Rpc.channel(server.port(), server.key());
      ChatGrpc.ChatBlockingStub chat = ChatGrpc.newBlockingStub(channel);
      String longest = "x".repeat(512);
      String longer = longest + "x";
      var _ = chat.getCompletion(asks(5).setUser(longest).build());
      EmbedRequest.Builder embeds =
          EmbedRequest.newBuilder().setModel("v1").addInput(EmbedInput.newBuilder().setString("a"));
      Map<String, List<Runnable>> ways =
          Map.of(
              "user",
              List.of(
                  () -> chat.getCompletion(asks(5).setUser(longer).build()),
                  () -> chat.getCompletionChunk(asks(5).setUser(longer).build()).next(),
                  () -> chat.startDeferredCompletion(asks(5).setUser(longer).build()),
                  () ->
                      EmbedderGrpc.newBlockingStub(channel)
                          .embed(embeds.clone().setUser(longer).build()),
                  () ->
                      SampleGrpc.newBlockingStub(channel)
                          .sampleText(
                              SampleTextRequest.newBuilder()
                                  .setModel("grok-4")
                                  .addPrompt("hi")
                                  .setUser(longer)
                                  .build())),
              "safety_identifier",
              List.of(() -> chat.getCompletion(asks(5).setSafetyIdentifier(longer).build())));
      for (Map.Entry<String, List<Runnable>> of : ways.entrySet()) {
        for (Runnable way : of.getValue()) {
          StatusRuntimeException e = refused(way);
          assertEquals(Status.Code.INVALID_ARGUMENT, e.getStatus().getCode(), text(e));
          assertEquals(
              of.getKey()
                  + ": \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...\" has 513 characters"
                  + " (expected: at most 512).",
              text(e));
        }
      }
      try (Database database = server.database()) {
        assertEquals(
            1,
            new LedgerReader(database)
                .sums(Instant.EPOCH, server.clock().instant().plusSeconds(1))
                .admitted(),
            "only the one that was right");
      }
    }
  }

  @Test
  void anAcceptedDeferredAnswerSaysHowTheCallerStands() {
    try (JubalServer server = JubalServer.scripted(on, SCRIPT)) {
      try (Database database = server.database()) {
        new LimitStore(database)
            .set(
                LimitStore.Owner.team(team(database)),
                new Rule(Scope.MODEL, "*", Quota.REQUESTS_PER_MINUTE, 5));
      }
      AtomicReference<Metadata> head = new AtomicReference<>();
      Channel channel =
          ClientInterceptors.intercept(
              Rpc.channel(server.port(), server.key()),
              MetadataUtils.newCaptureMetadataInterceptor(head, new AtomicReference<>()));
      assertFalse(
          ChatGrpc.newBlockingStub(channel)
              .startDeferredCompletion(asks(5).build())
              .getRequestId()
              .isEmpty());
      Metadata said = Objects.requireNonNull(head.get());
      assertEquals("5", said.get(Rpc.header("x-ratelimit-limit-requests")));
      assertEquals("4", said.get(Rpc.header("x-ratelimit-remaining-requests")));
    }
  }
}
