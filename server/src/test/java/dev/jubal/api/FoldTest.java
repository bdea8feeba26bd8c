package dev.jubal.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.http.OpenAiErrors;
import dev.jubal.platform.json.Json;
import dev.jubal.testing.ScriptedServer;
import dev.jubal.testing.Sse;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A property of each dialect: what a client puts together from the streamed answer is the whole
 * answer. Run one seed again with {@code -Djubal.seed=N}.
 */
class FoldTest {
  private static final int ROUNDS = 150;
  private static final ScriptedServer SERVER = new ScriptedServer(new OpenAiErrors());

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  /** Makes a request of a dialect that asks for the answer. */
  private interface Asking {
    Map<String, Object> body(RandomAnswer answer);
  }

  /** Puts the streamed answer together. */
  private interface Folding {
    JsonNode fold(List<Sse> events);
  }

  @Test
  void chat() throws Exception {
    property("/v1/chat/completions", 4, FoldTest::chatBody, FoldTest::foldChat);
  }

  @Test
  void responses() throws Exception {
    property("/v1/responses", 1, FoldTest::responsesBody, FoldTest::foldResponse);
  }

  @Test
  void completions() throws Exception {
    property("/v1/completions", 4, FoldTest::completionsBody, FoldTest::foldCompletion);
  }

  private static void property(String path, int choices, Asking asking, Folding folding)
      throws Exception {
    long first = Long.getLong("jubal.seed", System.nanoTime());
    int rounds = Long.getLong("jubal.seed") == null ? ROUNDS : 1;
    for (long seed = first; seed < first + rounds; seed++) {
      RandomAnswer answer = new RandomAnswer(seed, choices);
      Map<String, Object> body = new HashMap<>(asking.body(answer));
      body.put("model", ScriptedServer.MODEL);
      String script = answer.script();
      JsonNode whole =
          Json.tree(send(path, script, body, seed).body().getBytes(StandardCharsets.UTF_8));
      body.put("stream", true);
      List<Sse> events = Sse.parse(send(path, script, body, seed).body());
      assertTrue(events.removeLast().done(), "seed " + seed);
      assertEquals(whole, folding.fold(events), "seed " + seed);
    }
  }

  private static HttpResponse<String> send(
      String path, String script, Map<String, Object> body, long seed) throws Exception {
    SERVER.script(script);
    HttpResponse<String> answer = SERVER.http().post(path, Json.string(body));
    assertEquals(200, answer.statusCode(), "seed " + seed + ": " + answer.body());
    return answer;
  }

  private static Map<String, Object> chatBody(RandomAnswer answer) {
    Map<String, Object> body = new HashMap<>();
    body.put("messages", List.of(Map.of("role", "user", "content", "Hi.")));
    if (answer.coin()) {
      body.put("logprobs", true);
      body.put("top_logprobs", answer.below(3));
    }
    if (answer.coin()) {
      body.put("stream_options", Map.of("include_usage", true));
    }
    choices(answer, body);
    return body;
  }

  private static Map<String, Object> completionsBody(RandomAnswer answer) {
    Map<String, Object> body = new HashMap<>();
    body.put("prompt", "Once");
    if (answer.coin()) {
      body.put("logprobs", answer.below(3));
    } else {
      body.put("echo", answer.coin());
    }
    choices(answer, body);
    return body;
  }

  private static void choices(RandomAnswer answer, Map<String, Object> body) {
    body.put("n", answer.choices());
    if (answer.coin()) {
      body.put("stop", "END");
    }
    if (answer.coin()) {
      body.put("max_tokens", 1 + answer.below(6));
    }
  }

  private static Map<String, Object> responsesBody(RandomAnswer answer) {
    Map<String, Object> body = new HashMap<>();
    body.put("input", "Hi.");
    if (answer.coin()) {
      body.put("logprobs", true);
      body.put("top_logprobs", answer.below(3));
    }
    if (answer.coin()) {
      body.put("max_output_tokens", 1 + answer.below(6));
    }
    return body;
  }

  private static JsonNode foldChat(List<Sse> events) {
    ObjectNode whole = head(events, "chat.completion");
    for (Sse event : events) {
      for (JsonNode chunk : event.json().get("choices")) {
        ObjectNode choice = choice(whole, chunk.get("index").intValue());
        ObjectNode message = choice.withObjectProperty("message");
        JsonNode delta = chunk.get("delta");
        if (delta.has("role")) {
          assertTrue(!message.has("role"), "a second role");
          message.set("role", delta.get("role"));
          message.putNull("refusal");
        }
        append(message, "content", delta.get("content"));
        if (chunk.has("logprobs")) {
          choice
              .withObjectProperty("logprobs")
              .withArrayProperty("content")
              .addAll((ArrayNode) chunk.get("logprobs").get("content"));
        }
        finish(choice, chunk);
      }
    }
    return whole;
  }

  private static JsonNode foldCompletion(List<Sse> events) {
    ObjectNode whole = head(events, "text_completion");
    for (Sse event : events) {
      for (JsonNode chunk : event.json().get("choices")) {
        ObjectNode choice = choice(whole, chunk.get("index").intValue());
        append(choice, "text", chunk.get("text"));
        JsonNode logprobs = chunk.get("logprobs");
        if (logprobs.isNull()) {
          choice.putIfAbsent("logprobs", logprobs);
        } else {
          concatenate(choice, logprobs);
        }
        finish(choice, chunk);
      }
    }
    return whole;
  }

  private static void concatenate(ObjectNode choice, JsonNode logprobs) {
    if (!(choice.get("logprobs") instanceof ObjectNode sum)) {
      choice.set("logprobs", logprobs);
      return;
    }
    logprobs
        .properties()
        .forEach(
            e -> {
              if (e.getValue() instanceof ArrayNode more) {
                sum.withArrayProperty(e.getKey()).addAll(more);
              }
            });
  }

  private static ObjectNode head(List<Sse> events, String object) {
    ObjectNode whole = (ObjectNode) events.getFirst().json();
    whole.put("object", object);
    ArrayNode choices = whole.putArray("choices");
    whole.set("usage", events.getLast().json().get("usage"));
    int count = 0;
    for (int i = 0; i < events.size(); i++) {
      JsonNode chunk = events.get(i).json();
      assertEquals(whole.get("id"), chunk.get("id"));
      for (JsonNode choice : chunk.get("choices")) {
        count = Math.max(count, 1 + choice.get("index").intValue());
      }
      assertEquals(i == events.size() - 1, chunk.has("usage"), "usage in the last chunk alone");
    }
    for (int i = 0; i < count; i++) {
      choices.addObject().put("index", i);
    }
    return whole;
  }

  private static ObjectNode choice(ObjectNode whole, int index) {
    ObjectNode choice = (ObjectNode) whole.get("choices").get(index);
    assertTrue(
        !choice.has("finish_reason") || choice.get("finish_reason").isNull(),
        "a chunk after the last of its choice");
    return choice;
  }

  private static void finish(ObjectNode choice, JsonNode chunk) {
    assertTrue(chunk.has("finish_reason"), "no finish_reason in " + chunk);
    choice.set("finish_reason", chunk.get("finish_reason"));
  }

  private static void append(ObjectNode to, String field, JsonNode text) {
    if (text != null) {
      to.put(field, (to.has(field) ? to.get(field).stringValue() : "") + text.stringValue());
    }
  }

  private static JsonNode foldResponse(List<Sse> events) {
    StringBuilder text = new StringBuilder();
    ArrayNode logprobs = Json.mapper().createArrayNode();
    for (int i = 0; i < events.size(); i++) {
      JsonNode event = events.get(i).json();
      assertEquals(events.get(i).name(), event.get("type").stringValue());
      assertEquals(i, event.get("sequence_number").intValue());
      if (events.get(i).name().equals("response.output_text.delta")) {
        text.append(event.get("delta").stringValue());
        logprobs.addAll((ArrayNode) event.get("logprobs"));
      }
    }
    List<String> names = events.stream().map(Sse::name).distinct().toList();
    JsonNode response = events.getLast().json().get("response");
    assertEquals(order(text.isEmpty() && logprobs.isEmpty(), response), names);
    JsonNode part = response.get("output").get(0).get("content").get(0);
    assertEquals(text.toString(), part.get("text").stringValue());
    assertEquals(logprobs, part.get("logprobs"));
    return response;
  }

  private static List<String> order(boolean silent, JsonNode response) {
    List<String> order =
        new java.util.ArrayList<>(
            List.of(
                "response.created",
                "response.in_progress",
                "response.output_item.added",
                "response.content_part.added",
                "response.output_text.delta",
                "response.output_text.done",
                "response.content_part.done",
                "response.output_item.done",
                "response." + response.get("status").stringValue()));
    if (silent) {
      order.remove("response.output_text.delta");
    }
    return order;
  }
}
