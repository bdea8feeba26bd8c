package dev.jubal.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.http.OpenAiErrors;
import dev.jubal.platform.json.Json;
import dev.jubal.testing.ScriptedServer;
import dev.jubal.testing.Sse;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * A property of each dialect: what a client puts together from the streamed answer is the whole
 * answer. Run one seed again with {@code -Djubal.seed=N}.
 */
class FoldTest {
  private static final int ROUNDS = 150;
  private static final ScriptedServer SERVER = new ScriptedServer(new OpenAiErrors());
  private static final ScriptedServer SPLIT_SERVER = new ScriptedServer(new OpenAiErrors(), true);

  @AfterAll
  static void stop() {
    SERVER.close();
    SPLIT_SERVER.close();
  }

  /** Makes a request of a dialect that asks for the answer. */
  private interface Asking {
    Map<String, Object> body(RandomAnswer answer);
  }

  /** Puts the streamed answer together. */
  private interface Folding {
    JsonNode fold(List<Sse> events);
  }

  /** A dialect: where it is asked, how, and how its stream is put together. */
  private record Dialect(String path, int choices, Asking asking, Folding folding) {
    /** Anthropic's streams end with an event of their own. */
    boolean endsWithDone() {
      return !path.equals("/v1/messages") && !path.equals("/v1/complete");
    }
  }

  private static final Dialect CHAT =
      new Dialect("/v1/chat/completions", 4, FoldTest::chatBody, FoldTest::foldChat);
  private static final Dialect RESPONSES =
      new Dialect("/v1/responses", 1, FoldTest::responsesBody, FoldTest::foldResponse);
  private static final Dialect RESPONSES_WITH_CALLS =
      new Dialect("/v1/responses", 1, FoldTest::responsesBody, FoldTest::foldItems);
  private static final Dialect COMPLETIONS =
      new Dialect("/v1/completions", 4, FoldTest::completionsBody, FoldTest::foldCompletion);

  private static final Dialect MESSAGES =
      new Dialect("/v1/messages", 1, AnthropicFold::messagesBody, AnthropicFold::message);
  private static final Dialect COMPLETE =
      new Dialect("/v1/complete", 1, AnthropicFold::completeBody, AnthropicFold::completion);

  @Test
  void chat() throws Exception {
    property(SERVER, CHAT, RandomAnswer.Calling.NONE);
  }

  @Test
  void chatWithCalls() throws Exception {
    property(SERVER, CHAT, RandomAnswer.Calling.CUT);
  }

  @Test
  void chatWithCallsInPieces() throws Exception {
    property(SPLIT_SERVER, CHAT, RandomAnswer.Calling.WHOLE);
  }

  @Test
  void responses() throws Exception {
    property(SERVER, RESPONSES, RandomAnswer.Calling.NONE);
  }

  @Test
  void responsesWithCalls() throws Exception {
    property(SERVER, RESPONSES_WITH_CALLS, RandomAnswer.Calling.CUT);
  }

  @Test
  void completions() throws Exception {
    property(SERVER, COMPLETIONS, RandomAnswer.Calling.NONE);
  }

  @Test
  void messages() throws Exception {
    property(SERVER, MESSAGES, RandomAnswer.Calling.NONE);
  }

  @Test
  void messagesWithCalls() throws Exception {
    property(SERVER, MESSAGES, RandomAnswer.Calling.CUT);
  }

  @Test
  void messagesWithCallsInPieces() throws Exception {
    property(SPLIT_SERVER, MESSAGES, RandomAnswer.Calling.WHOLE);
  }

  @Test
  void complete() throws Exception {
    property(SERVER, COMPLETE, RandomAnswer.Calling.NONE);
  }

  private static void property(ScriptedServer server, Dialect dialect, RandomAnswer.Calling calling)
      throws Exception {
    long first = Long.getLong("jubal.seed", System.nanoTime());
    int rounds = Long.getLong("jubal.seed") == null ? ROUNDS : 1;
    for (long seed = first; seed < first + rounds; seed++) {
      RandomAnswer answer = new RandomAnswer(seed, dialect.choices, calling);
      Map<String, Object> body = new HashMap<>(dialect.asking.body(answer));
      body.put("model", ScriptedServer.MODEL);
      String script = answer.script();
      String unary = send(server, dialect.path, script, body, seed).body();
      JsonNode whole = Json.tree(unary.getBytes(StandardCharsets.UTF_8));
      body.put("stream", true);
      List<Sse> events = Sse.parse(send(server, dialect.path, script, body, seed).body());
      if (dialect.endsWithDone()) {
        assertTrue(events.removeLast().done(), "seed " + seed);
      }
      assertEquals(whole, dialect.folding.fold(events), "seed " + seed);
    }
  }

  private static HttpResponse<String> send(
      ScriptedServer server, String path, String script, Map<String, Object> body, long seed)
      throws Exception {
    server.script(script);
    HttpResponse<String> answer = server.http().post(path, Json.string(body));
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
    if (answer.coin() && answer.mayCut()) {
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
        append(message, "reasoning_content", delta.get("reasoning_content"));
        calls(message, delta);
        if (chunk.has("logprobs")) {
          choice
              .withObjectProperty("logprobs")
              .withArrayProperty("content")
              .addAll((ArrayNode) chunk.get("logprobs").get("content"));
        }
        finish(choice, chunk);
      }
    }
    for (JsonNode choice : whole.get("choices")) {
      ((ObjectNode) choice.get("message")).putIfAbsent("content", StringNode.valueOf(""));
    }
    return whole;
  }

  private static void calls(ObjectNode message, JsonNode delta) {
    for (JsonNode more : delta.path("tool_calls")) {
      ArrayNode calls = message.withArrayProperty("tool_calls");
      int index = more.get("index").intValue();
      if (index == calls.size()) {
        ObjectNode begun = (ObjectNode) more.deepCopy();
        begun.remove("index");
        calls.add(begun);
      } else {
        assertEquals(calls.size() - 1, index, "a call that goes on after the next began");
        JsonNode function = more.get("function");
        assertFalse(function.has("name") || more.has("id"), "a call that begins twice");
        append(
            (ObjectNode) calls.get(index).get("function"), "arguments", function.get("arguments"));
      }
    }
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
    StringBuilder thought = new StringBuilder();
    ArrayNode logprobs = Json.mapper().createArrayNode();
    for (int i = 0; i < events.size(); i++) {
      JsonNode event = events.get(i).json();
      assertEquals(events.get(i).name(), event.get("type").stringValue());
      assertEquals(i, event.get("sequence_number").intValue());
      if (events.get(i).name().equals("response.output_text.delta")) {
        text.append(event.get("delta").stringValue());
        logprobs.addAll((ArrayNode) event.get("logprobs"));
      } else if (events.get(i).name().equals("response.reasoning_summary_text.delta")) {
        thought.append(event.get("delta").stringValue());
      }
    }
    List<String> names = events.stream().map(Sse::name).distinct().toList();
    JsonNode response = events.getLast().json().get("response");
    JsonNode output = response.get("output");
    assertEquals(order(output.size() > 1, text.isEmpty() && logprobs.isEmpty(), response), names);
    JsonNode part = output.get(output.size() - 1).get("content").get(0);
    String summary = output.get(0).path("summary").path(0).path("text").asString("");
    assertEquals(thought.toString(), summary);
    assertEquals(text.toString(), part.get("text").stringValue());
    assertEquals(logprobs, part.get("logprobs"));
    return response;
  }

  /** Items of any kind, from their own events alone. */
  private static JsonNode foldItems(List<Sse> events) {
    ArrayNode items = Json.mapper().createArrayNode();
    StringBuilder text = new StringBuilder();
    ArrayNode logprobs = Json.mapper().createArrayNode();
    for (int i = 0; i < events.size(); i++) {
      JsonNode event = events.get(i).json();
      assertEquals(i, event.get("sequence_number").intValue());
      if (event.has("output_index") && !events.get(i).name().endsWith("item.added")) {
        assertEquals(items.size() - 1, event.get("output_index").intValue());
      }
      switch (events.get(i).name()) {
        case "response.output_item.added" -> {
          assertEquals("in_progress", event.get("item").get("status").stringValue());
          items.add(event.get("item"));
          text.setLength(0);
          logprobs = Json.mapper().createArrayNode();
        }
        case "response.output_text.delta",
            "response.reasoning_summary_text.delta",
            "response.function_call_arguments.delta" -> {
          assertEquals(items.get(items.size() - 1).get("id"), event.get("item_id"));
          text.append(event.get("delta").stringValue());
          event.path("logprobs").forEach(logprobs::add);
        }
        case "response.output_text.done" -> {
          assertEquals(text.toString(), event.get("text").stringValue());
          assertEquals(logprobs, event.get("logprobs"));
        }
        case "response.reasoning_summary_text.done" ->
            assertEquals(text.toString(), event.get("text").stringValue());
        case "response.reasoning_summary_part.done" ->
            assertEquals(text.toString(), event.get("part").get("text").stringValue());
        case "response.function_call_arguments.done" ->
            assertEquals(text.toString(), event.get("arguments").stringValue());
        case "response.output_item.done" -> {
          JsonNode item = event.get("item");
          if (item.has("arguments")) {
            assertEquals(text.toString(), item.get("arguments").stringValue());
          }
          items.set(items.size() - 1, item);
        }
        default -> {
          // says nothing that an item holds
        }
      }
    }
    JsonNode response = events.getLast().json().get("response");
    assertEquals(items, response.get("output"));
    return response;
  }

  /** Each name once, where it first comes. */
  private static List<String> order(boolean thought, boolean silent, JsonNode response) {
    Set<String> order = new LinkedHashSet<>();
    order.add("response.created");
    order.add("response.in_progress");
    order.add("response.output_item.added");
    if (thought) {
      order.add("response.reasoning_summary_part.added");
      order.add("response.reasoning_summary_text.delta");
      order.add("response.reasoning_summary_text.done");
      order.add("response.reasoning_summary_part.done");
      order.add("response.output_item.done");
    }
    order.add("response.content_part.added");
    if (!silent) {
      order.add("response.output_text.delta");
    }
    order.add("response.output_text.done");
    order.add("response.content_part.done");
    order.add("response.output_item.done");
    order.add("response." + response.get("status").stringValue());
    return List.copyOf(order);
  }
}
