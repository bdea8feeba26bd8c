package dev.jubal.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.ledger.Settlement;
import dev.jubal.account.ledger.Usage;
import dev.jubal.platform.http.OpenAiErrors;
import dev.jubal.testing.ScriptedServer;
import dev.jubal.testing.Sse;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Whatever an answer is made of, and in however many pieces, its stream tells what the ledger has:
 * tokens of the cache and the cost among it, in exactly one place.
 */
final class UsageShapesTest {
  private static final int ROUNDS = 60;
  private static final ScriptedServer SERVER = new ScriptedServer(new OpenAiErrors());
  private static final List<Map<String, String>> MESSAGES =
      List.of(Map.of("role", "user", "content", "a b c"));

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  /**
   * A dialect.
   *
   * @param choices most that it can be asked for
   * @param usages where its events tell a usage, in their order
   */
  private record Dialect(
      String path,
      Map<String, Object> body,
      int choices,
      BiConsumer<JsonNode, List<JsonNode>> usages) {}

  private static void ofChunk(JsonNode event, List<JsonNode> found) {
    if (event.hasNonNull("usage")) {
      found.add(event.path("usage"));
    }
  }

  private static void ofResponse(JsonNode event, List<JsonNode> found) {
    if (event.path("response").hasNonNull("usage")) {
      found.add(event.path("response").path("usage"));
    }
  }

  private static Settlement settled() {
    assertEquals(1, SERVER.ledger().settlements().size());
    return SERVER.ledger().settlements().values().iterator().next();
  }

  private static void property(Dialect dialect, BiConsumer<JsonNode, Usage> check)
      throws Exception {
    long first = Long.getLong("jubal.seed", System.nanoTime());
    System.out.println("UsageShapesTest " + dialect.path + " seed " + first);
    for (long seed = first; seed < first + ROUNDS; seed++) {
      RandomAnswer answer = new RandomAnswer(seed, dialect.choices, RandomAnswer.Calling.NONE);
      Map<String, Object> body = new HashMap<>(dialect.body);
      body.put("model", ScriptedServer.MODEL);
      body.put("stream", true);
      if (dialect.choices > 1) {
        body.put("n", answer.choices());
        body.put("stream_options", Map.of("include_usage", answer.coin()));
      }
      SERVER.script(answer.script());
      HttpResponse<String> streamed =
          SERVER.http().post(dialect.path, dev.jubal.platform.json.Json.string(body));
      assertEquals(200, streamed.statusCode(), streamed.body());
      List<JsonNode> usages = new ArrayList<>();
      for (Sse event : Sse.parse(streamed.body())) {
        if (!event.done()) {
          dialect.usages.accept(event.json(), usages);
        }
      }
      String what = "seed " + seed + ": " + streamed.body();
      assertEquals(1, usages.size(), what);
      Settlement settled = settled();
      check.accept(usages.getFirst(), settled.usage());
      assertEquals(
          settled.costTicks(), usages.getFirst().path("cost_in_usd_ticks").asLong(-1), what);
      assertTrue(settled.costTicks() > 0, what);
    }
  }

  private static void chunk(JsonNode usage, Usage used) {
    assertEquals(used.prompt(), usage.path("prompt_tokens").asLong());
    assertEquals(used.completion(), usage.path("completion_tokens").asLong());
    assertEquals(used.total(), usage.path("total_tokens").asLong());
    assertEquals(used.cached(), usage.at("/prompt_tokens_details/cached_tokens").asLong());
    assertEquals(
        used.reasoning(), usage.at("/completion_tokens_details/reasoning_tokens").asLong());
  }

  @Test
  void chat() throws Exception {
    property(
        new Dialect(
            "/v1/chat/completions", Map.of("messages", MESSAGES), 3, UsageShapesTest::ofChunk),
        UsageShapesTest::chunk);
  }

  @Test
  void completions() throws Exception {
    property(
        new Dialect("/v1/completions", Map.of("prompt", "a b c"), 3, UsageShapesTest::ofChunk),
        UsageShapesTest::chunk);
  }

  @Test
  void responses() throws Exception {
    property(
        new Dialect(
            "/v1/responses",
            Map.of("input", "a b c", "store", false),
            1,
            UsageShapesTest::ofResponse),
        (usage, used) -> {
          assertEquals(used.prompt(), usage.path("input_tokens").asLong());
          assertEquals(used.cached(), usage.at("/input_tokens_details/cached_tokens").asLong());
          assertEquals(used.completion() + used.reasoning(), usage.path("output_tokens").asLong());
        });
  }
}
