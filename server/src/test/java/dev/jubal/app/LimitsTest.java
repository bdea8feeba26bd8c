package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.rpc.QuotaFailure;
import com.google.rpc.RetryInfo;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.ledger.LedgerRow;
import dev.jubal.account.limits.LimitStore;
import dev.jubal.account.limits.Quota;
import dev.jubal.account.limits.Rule;
import dev.jubal.account.limits.Scope;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.sql.Database;
import dev.jubal.proto.xai.ChatGrpc;
import dev.jubal.proto.xai.Content;
import dev.jubal.proto.xai.GetCompletionsRequest;
import dev.jubal.proto.xai.Message;
import dev.jubal.proto.xai.MessageRole;
import dev.jubal.testing.Await;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.Rpc;
import dev.jubal.testing.Stores;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Limits on a real server: by HTTP and gRPC, in parallel, to the last token. */
@ParameterizedClass
@EnumSource(Stores.class)
class LimitsTest {
  private static final String HOLDS = "{\"answers\":[{\"steps\":[{\"hold\":true}]}]}";
  private static final Instant LATER = JubalServer.START.plusSeconds(86_400);
  private static final String CHAT = "/v1/chat/completions";

  /** Ten tokens are read, and as many written as the client asks for. */
  private static final String TALKS =
      "{\"answers\":[{\"prompt_tokens\":10,\"steps\":[{\"text\":\"a\",\"times\":4000}]}]}";

  @Parameter private Stores on = Stores.SQLITE;

  private static void limit(JubalServer server, Rule rule) {
    try (Database database = server.database()) {
      String team = new TeamStore(database).list().getFirst().id();
      new LimitStore(database).set(LimitStore.Owner.team(team), rule);
    }
  }

  private static void limit(JubalServer server, Scope scope, Quota quota, long most) {
    limit(server, new Rule(scope, "*", quota, most));
  }

  private static List<LedgerRow> rows(JubalServer server) {
    try (Database database = server.database()) {
      return new LedgerReader(database).between(Instant.EPOCH, LATER, 10_000);
    }
  }

  private static String chat(int maxTokens, String user) {
    return "{\"model\":\"grok-3\",\"max_tokens\":"
        + maxTokens
        + user
        + ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  }

  /** So many callers at once; the answers in the order of the calls. */
  private static List<CompletableFuture<HttpResponse<String>>> send(
      HttpClient client, JubalServer server, int callers, String body) {
    List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      all.add(
          client.sendAsync(
              server
                  .http()
                  .request(CHAT)
                  .header("content-type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString()));
    }
    return all;
  }

  private static long passed(List<CompletableFuture<HttpResponse<String>>> calls) {
    long passed = 0;
    for (CompletableFuture<HttpResponse<String>> call : calls) {
      HttpResponse<String> answer = call.join();
      assertTrue(
          answer.statusCode() == 200 || answer.statusCode() == 429, answer.statusCode() + "");
      passed += answer.statusCode() == 200 ? 1 : 0;
    }
    return passed;
  }

  private static HttpClient client() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  private static long settled(JubalServer server) {
    return rows(server).stream()
        .mapToLong(r -> r.settled().orElseThrow().settlement().usage().total())
        .sum();
  }

  @Test
  void twoHundredAndFiftyCallersNeverGetMoreTokensThanTheLimit() throws Exception {
    try (JubalServer server = JubalServer.scripted(on, TALKS);
        HttpClient client = client()) {
      limit(server, Scope.MODEL, Quota.TOKENS_PER_MINUTE, 2000);
      long passed = passed(send(client, server, 250, chat(30, "")));
      assertEquals(passed, rows(server).size());
      assertEquals(50, passed); // 40 each
      assertEquals(2000, settled(server));
    }
  }

  @Test
  void norMoreRequests() throws Exception {
    try (JubalServer server = JubalServer.scripted(on, TALKS);
        HttpClient client = client()) {
      limit(server, Scope.TEAM, Quota.REQUESTS_PER_MINUTE, 60);
      limit(server, Scope.USER, Quota.REQUESTS_PER_MINUTE, 7);
      assertEquals(7, passed(send(client, server, 125, chat(3, ",\"user\":\"never seen\""))));
      assertEquals(53, passed(send(client, server, 125, chat(3, ""))));
      assertEquals(60, rows(server).size());
    }
  }

  @Test
  void fiveParallelCallsOfALimitOfAHundredTokens() throws Exception {
    try (JubalServer server = JubalServer.scripted(on, TALKS);
        HttpClient client = client()) {
      limit(server, Scope.MODEL, Quota.TOKENS_PER_MINUTE, 100);
      assertEquals(2, passed(send(client, server, 5, chat(30, ""))));
      assertEquals(80, settled(server));
      HttpResponse<String> third = server.http().post(CHAT, chat(30, ""));
      assertEquals(429, third.statusCode());
      assertEquals("rate_limit_exceeded", tree(third).at("/error/code").asString(""));
      String text = tree(third).at("/error/message").asString("");
      assertTrue(
          text.contains("80 of 100 tokens are taken, and the request asks for 40")
              && text.contains("an answer of at most 10 passes now"),
          text);
      assertEquals(200, server.http().post(CHAT, chat(10, "")).statusCode());
    }
  }

  @Test
  void clientsThatLeaveGiveBackTheirPlaces() throws Exception {
    try (JubalServer server = JubalServer.scripted(on, HOLDS)) {
      limit(server, Scope.TEAM, Quota.CONCURRENT_REQUESTS, 5);
      for (int round = 1; round <= 3; round++) {
        String refused =
            "jubal_limits_refused_total{limit=\"concurrent_requests\",scope=\"team\"} "
                + (245.0 * round);
        HttpClient client = client();
        List<CompletableFuture<HttpResponse<String>>> calls =
            send(client, server, 250, chat(3, ""));
        Await.until(refused, () -> server.metrics().contains(refused));
        Await.until(
            "245 are answered",
            () -> calls.stream().filter(CompletableFuture::isDone).count() == 245);
        assertTrue(server.metrics().contains("jubal_limits_open 5.0"), server.metrics());
        client.shutdownNow();
        Await.until("all gave back", () -> server.metrics().contains("jubal_limits_open 0.0"));
      }
      assertEquals(15, rows(server).size());
    }
  }

  private static JsonNode tree(HttpResponse<String> answer) {
    return Json.tree(answer.body().getBytes(StandardCharsets.UTF_8));
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("none");
  }

  @Test
  void everyAnswerSaysHowTheCallerStands() throws Exception {
    try (JubalServer server = JubalServer.scripted(on, TALKS)) {
      limit(server, Scope.MODEL, Quota.REQUESTS_PER_MINUTE, 2);
      limit(server, Scope.MODEL, Quota.TOKENS_PER_MINUTE, 500);
      HttpResponse<String> first = server.http().post(CHAT, chat(30, ""));
      assertEquals("2", header(first, "x-ratelimit-limit-requests"));
      assertEquals("1", header(first, "x-ratelimit-remaining-requests"));
      assertTrue(
          header(first, "x-ratelimit-reset-requests").matches("1m[01]s|60s"),
          header(first, "x-ratelimit-reset-requests"));
      assertEquals("500", header(first, "x-ratelimit-limit-tokens"));
      assertEquals("460", header(first, "x-ratelimit-remaining-tokens"));
      var _ = server.http().post(CHAT, chat(30, ""));
      HttpResponse<String> third = server.http().post(CHAT, chat(30, ""));
      assertEquals(429, third.statusCode());
      assertEquals("0", header(third, "x-ratelimit-remaining-requests"));
      assertEquals("420", header(third, "x-ratelimit-remaining-tokens"));
      assertEquals("true", header(third, "x-should-retry"));
      long wait = Long.parseLong(header(third, "retry-after"));
      assertTrue(wait >= 1 && wait <= 61, wait + "");
      HttpResponse<String> messages =
          server
              .http()
              .post(
                  "/v1/messages",
                  "{\"model\":\"grok-3\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\","
                      + "\"content\":\"hi\"}]}");
      assertEquals(429, messages.statusCode());
      assertEquals("rate_limit_error", tree(messages).at("/error/type").asString(""));
      assertEquals("0", header(messages, "anthropic-ratelimit-requests-remaining"));
      assertEquals("2", header(messages, "anthropic-ratelimit-requests-limit"));
      Instant reset = Instant.parse(header(messages, "anthropic-ratelimit-requests-reset"));
      assertTrue(reset.isAfter(JubalServer.START), reset + "");
      limit(server, new Rule(Scope.MODEL, "grok-embed", Quota.TOKENS_PER_MINUTE, 3));
      HttpResponse<String> embedded =
          server.http().post("/v1/embeddings", "{\"model\":\"grok-embed\",\"input\":\"a b c d\"}");
      assertEquals(429, embedded.statusCode(), embedded.body());
      assertEquals("false", header(embedded, "x-should-retry")); // six tokens never pass
      limit(server, new Rule(Scope.MODEL, "v1", Quota.TOKENS_PER_MINUTE, 30));
      HttpResponse<String> fits =
          server.http().post("/v1/embeddings", "{\"model\":\"v1\",\"input\":\"a b c d\"}");
      assertEquals(200, fits.statusCode(), fits.body());
      assertEquals("24", header(fits, "x-ratelimit-remaining-tokens"));
    }
  }

  @Test
  void grpcIsToldTheSame() throws Exception {
    try (JubalServer server = JubalServer.scripted(on, TALKS)) {
      limit(server, Scope.MODEL, Quota.REQUESTS_PER_MINUTE, 1);
      ChatGrpc.ChatBlockingStub stub =
          ChatGrpc.newBlockingStub(Rpc.channel(server.port(), server.key()));
      GetCompletionsRequest asks =
          GetCompletionsRequest.newBuilder()
              .setModel("grok-3")
              .setMaxTokens(5)
              .addMessages(
                  Message.newBuilder()
                      .setRole(MessageRole.ROLE_USER)
                      .addContent(Content.newBuilder().setText("hi")))
              .build();
      assertEquals(5, stub.getCompletion(asks).getUsage().getCompletionTokens());
      StatusRuntimeException e =
          assertThrows(
              StatusRuntimeException.class,
              () -> {
                var _ = stub.getCompletion(asks);
              });
      assertEquals(Status.Code.RESOURCE_EXHAUSTED, e.getStatus().getCode());
      Metadata trailers = Objects.requireNonNull(e.getTrailers());
      assertEquals("0", trailers.get(Rpc.header("x-ratelimit-remaining-requests")));
      byte[] details =
          Objects.requireNonNull(
              trailers.get(
                  Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER)));
      List<Any> all = com.google.rpc.Status.parseFrom(details).getDetailsList();
      QuotaFailure quota = find(all, QuotaFailure.class);
      assertTrue(
          quota.getViolations(0).getSubject().startsWith("requests_per_minute:team "),
          quota.toString());
      assertTrue(find(all, RetryInfo.class).getRetryDelay().getSeconds() > 50, all.toString());
    }
  }

  private static <T extends com.google.protobuf.Message> T find(List<Any> all, Class<T> type)
      throws Exception {
    for (Any any : all) {
      if (any.is(type)) {
        return any.unpack(type);
      }
    }
    throw new AssertionError("no " + type + " in " + all);
  }

  @Test
  void ofAnAnswerThatEndsByItselfNothingIsSaid() throws Exception {
    String script =
        "{\"answers\":[{\"prompt_tokens\":10,\"steps\":[{\"text\":\"a\",\"times\":1000}]}]}";
    try (JubalServer server = JubalServer.scripted(on, script)) {
      limit(server, Scope.MODEL, Quota.TOKENS_PER_MINUTE, 1100);
      HttpResponse<String> answer =
          server.http().post("/v1/responses", "{\"model\":\"grok-3\",\"input\":\"hi\"}");
      assertEquals("completed", tree(answer).path("status").asString(""), answer.body());
      assertEquals(1000, tree(answer).at("/usage/output_tokens").asLong());
      assertTrue(tree(answer).at("/metadata/jubal_limit").isMissingNode(), answer.body());
      assertEquals("none", header(answer, "x-jubal-limit"));
      LedgerRow row = rows(server).getFirst();
      assertTrue(row.settled().orElseThrow().settlement().limitedBy().isEmpty());
    }
  }

  @Test
  void anAnswerThatMayNotGrowEndsByLengthAndSaysWhy() throws Exception {
    try (JubalServer server = JubalServer.scripted(on, TALKS)) {
      limit(server, Scope.MODEL, Quota.TOKENS_PER_MINUTE, 1500);
      HttpResponse<String> answer =
          server.http().post("/v1/responses", "{\"model\":\"grok-3\",\"input\":\"hi\"}");
      assertEquals(200, answer.statusCode(), answer.body());
      JsonNode response = tree(answer);
      assertEquals("incomplete", response.path("status").asString(""));
      assertEquals("max_output_tokens", response.at("/incomplete_details/reason").asString(""));
      assertEquals(1024, response.at("/usage/output_tokens").asLong());
      String limit = response.at("/metadata/jubal_limit").asString("");
      assertTrue(limit.startsWith("tokens_per_minute:team "), answer.body());
      LedgerRow row = rows(server).getFirst();
      assertEquals(limit, row.settled().orElseThrow().settlement().limitedBy().orElse("none"));
      assertEquals(limit, header(answer, "x-jubal-limit"));
      HttpResponse<String> kept =
          server.http().get("/v1/responses/" + response.path("id").asString(""));
      assertEquals(limit, tree(kept).at("/metadata/jubal_limit").asString(""));
      assertTrue(
          server
              .metrics()
              .contains("jubal_limits_refused_total{limit=\"tokens_per_minute\",scope=\"model\"}"),
          server.metrics());
    }
  }
}
