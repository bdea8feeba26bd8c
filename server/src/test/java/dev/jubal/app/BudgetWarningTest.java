package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.budget.Budget;
import dev.jubal.account.budget.BudgetStore;
import dev.jubal.account.budget.Window;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.platform.sql.Database;
import dev.jubal.proto.xai.ChatGrpc;
import dev.jubal.proto.xai.Content;
import dev.jubal.proto.xai.GetCompletionsRequest;
import dev.jubal.proto.xai.Message;
import dev.jubal.proto.xai.MessageRole;
import dev.jubal.testing.Await;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.Rpc;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The header that tells of soft budgets which are passed, in every dialect. */
class BudgetWarningTest {
  private static final String HEADER = "x-jubal-budget-warning";
  private static final String SCRIPT = "{\"answers\":[{\"steps\":[{\"text\":\"Hello\"}]}]}";
  private static final String WARNS =
      "budget_monthly;scope=team;used=\"[0-9.]+\";limit=\"0.0000000001\";unit=USD;"
          + "reset=\"2026-12-01T00:00:00Z\"";

  /** One tick, which any request that costs something passes. */
  private static void soft(JubalServer server, boolean hardToo) {
    try (Database database = Database.open(server.dataFolder())) {
      String team = new TeamStore(database).named("default").id();
      BudgetStore budgets = new BudgetStore(database, server.clock());
      budgets.set(new BudgetStore.Wanted(team, Budget.Scope.TEAM, team, Window.MONTHLY, false, 1));
      if (hardToo) {
        budgets.set(
            new BudgetStore.Wanted(
                team, Budget.Scope.TEAM, team, Window.MONTHLY, true, 1_000_000_000_000L));
        budgets.set(
            new BudgetStore.Wanted(team, Budget.Scope.KEY, Budget.EACH, Window.TOTAL, false, 1));
      }
    }
  }

  private static Map<String, String> dialects(boolean stream) {
    String more = ",\"stream\":" + stream + "}";
    String messages = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
    Map<String, String> all = new LinkedHashMap<>();
    all.put("/v1/chat/completions", "{\"model\":\"grok-4\",\"max_tokens\":5," + messages + more);
    all.put(
        "/v1/responses", "{\"model\":\"grok-4\",\"max_output_tokens\":5,\"input\":\"hi\"" + more);
    all.put("/v1/messages", "{\"model\":\"grok-4\",\"max_tokens\":5," + messages + more);
    all.put("/v1/completions", "{\"model\":\"grok-4\",\"max_tokens\":5,\"prompt\":\"hi\"" + more);
    all.put(
        "/v1/complete",
        "{\"model\":\"grok-4\",\"max_tokens_to_sample\":5,\"prompt\":\"\\n\\nHuman:"
            + " hi\\n\\nAssistant:\""
            + more);
    return all;
  }

  private static HttpResponse<String> ask(JubalServer server, String path, String body) {
    try {
      return server.http().post(path, body);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static String warning(HttpResponse<String> answer) {
    assertEquals(200, answer.statusCode(), answer.body());
    return answer.headers().firstValue(HEADER).orElse("");
  }

  @Test
  void everyDialectTellsOfAPassedSoftBudget() {
    try (JubalServer server = JubalServer.scripted(SCRIPT, "budget.refresh", "10ms")) {
      dialects(false).forEach((path, body) -> assertEquals("", warning(ask(server, path, body))));
      soft(server, false);
      for (boolean stream : new boolean[] {false, true}) {
        dialects(stream)
            .forEach(
                (path, body) -> {
                  AtomicReference<String> told = new AtomicReference<>("");
                  Await.until(
                      path + " tells",
                      () -> {
                        told.set(warning(ask(server, path, body)));
                        return !told.get().isEmpty();
                      });
                  assertTrue(told.get().matches(WARNS), path + ": " + told.get());
                });
      }
    }
  }

  @Test
  void severalAreAListAndHardOnesAreNotInIt() {
    try (JubalServer server = JubalServer.scripted(SCRIPT, "budget.refresh", "10ms")) {
      soft(server, true);
      String chat = Objects.requireNonNull(dialects(false).get("/v1/chat/completions"));
      AtomicReference<String> told = new AtomicReference<>("");
      Await.until(
          "both are seen",
          () -> {
            told.set(warning(ask(server, "/v1/chat/completions", chat)));
            return told.get().contains(", ");
          });
      assertEquals(2, told.get().split(", ").length, told.get());
      assertTrue(told.get().contains("budget_total;scope=key;used="), told.get());
    }
  }

  @Test
  void grpcTellsTheSame() {
    try (JubalServer server = JubalServer.scripted(SCRIPT, "budget.refresh", "10ms")) {
      soft(server, false);
      AtomicReference<Metadata> headers = new AtomicReference<>();
      AtomicReference<Metadata> trailers = new AtomicReference<>();
      ChatGrpc.ChatBlockingStub stub =
          ChatGrpc.newBlockingStub(
              ClientInterceptors.intercept(
                  Rpc.channel(server.port(), server.key()),
                  MetadataUtils.newCaptureMetadataInterceptor(headers, trailers)));
      GetCompletionsRequest asks =
          GetCompletionsRequest.newBuilder()
              .setModel("grok-4")
              .setMaxTokens(5)
              .addMessages(
                  Message.newBuilder()
                      .setRole(MessageRole.ROLE_USER)
                      .addContent(Content.newBuilder().setText("hi")))
              .build();
      Await.until(
          "it tells",
          () -> {
            var _ = stub.getCompletion(asks);
            return headers.get().get(Rpc.header(HEADER)) != null;
          });
      String whole = Objects.requireNonNull(headers.get().get(Rpc.header(HEADER)));
      assertTrue(whole.matches(WARNS), whole);
      Iterator<?> chunks = stub.getCompletionChunk(asks);
      while (chunks.hasNext()) {
        var _ = chunks.next();
      }
      String streamed = Objects.requireNonNull(headers.get().get(Rpc.header(HEADER)));
      assertTrue(streamed.matches(WARNS), streamed);
    }
  }
}
