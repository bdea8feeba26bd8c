package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.budget.Budget;
import dev.jubal.account.budget.BudgetStore;
import dev.jubal.account.budget.Window;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.ledger.LedgerRow;
import dev.jubal.account.ledger.Price;
import dev.jubal.account.price.PriceStore;
import dev.jubal.platform.http.OpenAiErrors;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.sql.Database;
import dev.jubal.proto.xai.CompactContextRequest;
import dev.jubal.proto.xai.Content;
import dev.jubal.proto.xai.EmbedInput;
import dev.jubal.proto.xai.EmbedRequest;
import dev.jubal.proto.xai.GetCompletionsRequest;
import dev.jubal.proto.xai.Message;
import dev.jubal.proto.xai.MessageRole;
import dev.jubal.proto.xai.SampleTextRequest;
import dev.jubal.testing.Await;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.OpenApiCheck;
import dev.jubal.testing.Rpc;
import dev.jubal.testing.ScriptedServer;
import dev.jubal.testing.Stores;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * There is no way around the ledger and the budgets: whatever route or method of gRPC works for a
 * key is metered, or is one of those that do no work.
 */
@ParameterizedClass
@EnumSource(Stores.class)
final class MeteredTest {
  /** They count, look up, stop or foretell; nothing is made. */
  private static final Set<String> FREE =
      Set.of(
          "/v1/admission/explain",
          "/v1/admission/explain/chat",
          "/v1/admission/explain/responses",
          "/v1/admission/explain/messages",
          "/v1/admission/explain/completions",
          "/v1/admission/explain/complete",
          "/v1/admission/explain/embeddings",
          "/v1/responses/{response_id}/cancel",
          "/v1/messages/count_tokens",
          "/v1/tokenize-text");

  /** What it will read is known only as it goes on: each summary stands in the next prompt. */
  private static final Set<String> NOT_FORETOLD = Set.of("/v1/responses/compact");

  /** They look up, count or delete. */
  private static final Set<String> FREE_METHODS =
      Set.of(
          "xai_api.Auth/get_api_key_info",
          "xai_api.Chat/DeleteStoredCompletion",
          "xai_api.Chat/GetDeferredCompletion",
          "xai_api.Chat/GetStoredCompletion",
          "xai_api.Models/GetEmbeddingModel",
          "xai_api.Models/GetImageGenerationModel",
          "xai_api.Models/GetLanguageModel",
          "xai_api.Models/ListEmbeddingModels",
          "xai_api.Models/ListImageGenerationModels",
          "xai_api.Models/ListLanguageModels",
          "xai_api.Tokenize/TokenizeText");

  private static final String SCRIPT = "{\"answers\":[{\"steps\":[{\"text\":\"Hi\"}]}]}";

  private static final String HI = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  private static final String LONG =
      IntStream.range(0, 12)
          .mapToObj(
              i ->
                  "{\"role\":\""
                      + (i % 2 == 0 ? "user" : "assistant")
                      + "\",\"content\":\""
                      + "roses, the pond and the wall ".repeat(20)
                      + i
                      + "\"}")
          .collect(Collectors.joining(","));

  /** A request that works for each. */
  private static final Map<String, String> BODIES =
      Map.of(
          "/v1/chat/completions",
          "{\"model\":\"grok-4\",\"max_tokens\":5," + HI,
          "/v1/responses",
          "{\"model\":\"grok-4\",\"max_output_tokens\":5,\"input\":\"Hi\"}",
          "/v1/responses/compact",
          "{\"model\":\"grok-4\",\"input\":[" + LONG + "]}",
          "/v1/messages",
          "{\"model\":\"grok-4\",\"max_tokens\":5," + HI,
          "/v1/complete",
          "{\"model\":\"grok-4\",\"max_tokens_to_sample\":5,"
              + "\"prompt\":\"\\n\\nHuman: Hi\\n\\nAssistant:\"}",
          "/v1/completions",
          "{\"model\":\"grok-3\",\"max_tokens\":5,\"prompt\":\"Hi\"}",
          "/v1/embeddings",
          "{\"model\":\"v1\",\"input\":\"Hi\"}");

  @Parameter private Stores on = Stores.SQLITE;

  private static JsonNode document(JubalServer server) throws Exception {
    return Json.mapper().readTree(server.http().get("/openapi.json").body());
  }

  private static List<String> metered(JubalServer server) throws Exception {
    JsonNode document = document(server);
    List<String> found = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      JsonNode post = path.getValue().path("post");
      if (post.path("x-jubal-access").asString("").equals("endpoint")) {
        boolean metered = post.path("x-jubal-metered").asBoolean();
        assertEquals(!FREE.contains(path.getKey()), metered, path.getKey());
        if (metered) {
          found.add(path.getKey());
        }
      }
    }
    return found;
  }

  /** Where a request of each kind is explained, by what it takes. */
  private static Map<JsonNode, String> explained(JubalServer server) throws Exception {
    Map<JsonNode, String> found = new HashMap<>();
    for (Map.Entry<String, JsonNode> path : document(server).path("paths").properties()) {
      if (path.getKey().startsWith("/v1/admission/explain")) {
        found.put(path.getValue().path("post").path("requestBody"), path.getKey());
      }
    }
    return found;
  }

  private static LedgerRow row(JubalServer server, HttpResponse<String> answer) {
    try (Database database = server.database()) {
      return new LedgerReader(database)
          .find(answer.headers().firstValue("x-request-id").orElseThrow())
          .orElseThrow();
    }
  }

  private static long rows(JubalServer server) {
    try (Database database = server.database()) {
      return new LedgerReader(database)
          .sums(Instant.EPOCH, server.clock().instant().plusSeconds(1))
          .admitted();
    }
  }

  /** From some moment on nothing that costs anything fits. */
  private static void oneTick(JubalServer server) {
    try (Database database = server.database()) {
      new PriceStore(database, server.clock())
          .set(
              "v1",
              new Price(
                  server.clock().instant().minusSeconds(1),
                  new Price.Rate(10, 10, 0),
                  0,
                  Price.Rate.FREE,
                  "test"));
      String team = new TeamStore(database).named("default").id();
      new BudgetStore(database, server.clock())
          .set(new BudgetStore.Wanted(team, Budget.Scope.TEAM, team, Window.TOTAL, true, 1));
    }
  }

  @Test
  void everyRouteThatWorksSaysBeforeWhatItHolds() throws Exception {
    try (JubalServer server = JubalServer.scripted(on, SCRIPT)) {
      JsonNode paths = document(server).path("paths");
      Map<JsonNode, String> explained = explained(server);
      for (String path : metered(server)) {
        if (NOT_FORETOLD.contains(path)) {
          continue;
        }
        String at = explained.get(paths.path(path).path("post").path("requestBody"));
        assertNotNull(at, "nothing explains " + path);
        String body = Objects.requireNonNull(BODIES.get(path));
        long before = rows(server);
        HttpResponse<String> told = server.http().post(at, body);
        assertEquals(200, told.statusCode(), at + ": " + told.body());
        OpenApiCheck.of(server.http()).check("POST", at, told);
        assertEquals(before, rows(server), at);
        JsonNode explanation = Json.mapper().readTree(told.body());
        assertTrue(explanation.path("would_pass").asBoolean(), told.body());
        LedgerRow row = row(server, server.http().post(path, body));
        JsonNode reserved = explanation.path("reserved");
        assertEquals(row.reserved().tokens(), reserved.path("tokens").asLong(), path);
        assertEquals(row.reserved().ticks(), reserved.path("cost_in_usd_ticks").asLong(), path);
      }
    }
  }

  @Test
  void everyRouteThatWorksIsInTheLedgerAndUnderTheBudget() throws Exception {
    try (JubalServer server = JubalServer.scripted(on, SCRIPT, "budget.refresh", "10ms")) {
      List<String> paths = metered(server);
      assertTrue(paths.size() >= 7, paths::toString);
      for (String path : paths) {
        String body = BODIES.get(path);
        assertNotNull(body, "a new route: what is asked of " + path + "?");
        long before = rows(server);
        HttpResponse<String> answer = server.http().post(path, body);
        assertEquals(200, answer.statusCode(), path + ": " + answer.body());
        assertEquals(before + 1, rows(server), path);
      }
      oneTick(server);
      for (String path : paths) {
        Await.until(
            path + " is refused",
            () -> {
              try {
                HttpResponse<String> refused =
                    server.http().post(path, Objects.requireNonNull(BODIES.get(path)));
                return refused.statusCode() == 429
                    && refused.headers().firstValue("x-should-retry").orElse("").equals("false");
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
      }
    }
  }

  private static Message said(MessageRole role, String text) {
    return Message.newBuilder()
        .setRole(role)
        .addContent(Content.newBuilder().setText(text))
        .build();
  }

  /** A request that works for each metered method. */
  private static Map<String, com.google.protobuf.Message> asked() {
    GetCompletionsRequest chat =
        GetCompletionsRequest.newBuilder()
            .setModel("grok-4")
            .setMaxTokens(5)
            .addMessages(said(MessageRole.ROLE_USER, "Hi"))
            .build();
    SampleTextRequest sample =
        SampleTextRequest.newBuilder().setModel("grok-3").setMaxTokens(5).addPrompt("Hi").build();
    CompactContextRequest.Builder compact = CompactContextRequest.newBuilder().setModel("grok-4");
    for (int i = 0; i < 12; i++) {
      MessageRole role = i % 2 == 0 ? MessageRole.ROLE_USER : MessageRole.ROLE_ASSISTANT;
      compact.addInput(said(role, "roses, the pond and the wall ".repeat(20) + i));
    }
    return Map.of(
        "xai_api.Chat/GetCompletion",
        chat,
        "xai_api.Chat/GetCompletionChunk",
        chat,
        "xai_api.Chat/StartDeferredCompletion",
        chat,
        "xai_api.Chat/CompactContext",
        compact.build(),
        "xai_api.Sample/SampleText",
        sample,
        "xai_api.Sample/SampleTextStreaming",
        sample,
        "xai_api.Embedder/Embed",
        EmbedRequest.newBuilder()
            .setModel("v1")
            .addInput(EmbedInput.newBuilder().setString("Hi"))
            .build());
  }

  private static List<MethodDescriptor<?, ?>> meteredMethods() {
    List<MethodDescriptor<?, ?>> metered = new ArrayList<>();
    Set<String> free = new TreeSet<>();
    try (ScriptedServer declared = new ScriptedServer(new OpenAiErrors())) {
      for (dev.jubal.platform.grpc.Rpc<?, ?> rpc : declared.rpcs().all()) {
        if (rpc.metered()) {
          metered.add(rpc.method());
        } else if (rpc.built()) {
          free.add(rpc.method().getFullMethodName());
        }
      }
    }
    assertEquals(new TreeSet<>(FREE_METHODS), free, "a new method: does it work for its caller?");
    return metered;
  }

  /** Calls it to its end. */
  private static Status.Code called(
      Channel channel, MethodDescriptor<?, ?> method, com.google.protobuf.Message request) {
    // the request is of the method's type: else the call fails, and so does the test
    @SuppressWarnings("unchecked")
    MethodDescriptor<com.google.protobuf.Message, ?> typed =
        (MethodDescriptor<com.google.protobuf.Message, ?>) method;
    try {
      ClientCalls.blockingServerStreamingCall(channel, typed, CallOptions.DEFAULT, request)
          .forEachRemaining(answer -> {});
      return Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }

  @Test
  void everyMethodThatWorksIsInTheLedgerAndUnderTheBudget() {
    Map<String, com.google.protobuf.Message> asked = asked();
    List<MethodDescriptor<?, ?>> methods = meteredMethods();
    assertTrue(methods.size() >= 7, methods::toString);
    try (JubalServer server = JubalServer.scripted(on, SCRIPT, "budget.refresh", "10ms")) {
      Channel channel = Rpc.channel(server.port(), server.key());
      for (MethodDescriptor<?, ?> method : methods) {
        String name = method.getFullMethodName();
        com.google.protobuf.Message request = asked.get(name);
        assertNotNull(request, "a new method: what is asked of " + name + "?");
        long before = rows(server);
        assertEquals(Status.Code.OK, called(channel, method, request), name);
        assertEquals(before + 1, rows(server), name);
      }
      oneTick(server);
      for (MethodDescriptor<?, ?> method : methods) {
        String name = method.getFullMethodName();
        com.google.protobuf.Message request = Objects.requireNonNull(asked.get(name));
        Await.until(
            name + " is refused",
            () -> called(channel, method, request) == Status.Code.RESOURCE_EXHAUSTED);
      }
    }
  }
}
