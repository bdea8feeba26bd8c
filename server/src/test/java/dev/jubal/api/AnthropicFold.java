package dev.jubal.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.json.Json;
import dev.jubal.testing.Sse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How clients of the Anthropic API put a streamed answer together, as strictly as any of them. */
final class AnthropicFold {
  private AnthropicFold() {}

  static Map<String, Object> messagesBody(RandomAnswer answer) {
    Map<String, Object> body = body(answer, "max_tokens");
    body.put("messages", List.of(Map.of("role", "user", "content", "Hi.")));
    return body;
  }

  static Map<String, Object> completeBody(RandomAnswer answer) {
    Map<String, Object> body = body(answer, "max_tokens_to_sample");
    body.put("prompt", "Once");
    return body;
  }

  private static Map<String, Object> body(RandomAnswer answer, String most) {
    Map<String, Object> body = new HashMap<>();
    body.put(most, answer.coin() && answer.mayCut() ? 1 + answer.below(6) : 1000);
    if (answer.coin()) {
      body.put("stop_sequences", List.of("END"));
    }
    return body;
  }

  static JsonNode message(List<Sse> events) {
    events.forEach(e -> assertEquals(e.name(), e.json().get("type").stringValue()));
    ObjectNode whole = (ObjectNode) events.getFirst().json().get("message");
    ArrayNode content = (ArrayNode) whole.get("content");
    assertTrue(content.isEmpty(), "content before the first block");
    StringBuilder input = new StringBuilder();
    boolean open = false;
    for (Sse event : events.subList(1, events.size())) {
      JsonNode json = event.json();
      switch (event.name()) {
        case "content_block_start" -> {
          assertTrue(!open, "two blocks at once");
          assertEquals(content.size(), json.get("index").intValue());
          content.add(json.get("content_block"));
          input.setLength(0);
          open = true;
        }
        case "content_block_delta" -> {
          assertTrue(open, "a delta of no block");
          assertEquals(content.size() - 1, json.get("index").intValue());
          grow((ObjectNode) content.get(content.size() - 1), json.get("delta"), input);
        }
        case "content_block_stop" -> {
          ObjectNode block = (ObjectNode) content.get(content.size() - 1);
          if (block.has("input")) {
            block.set("input", Json.tree(input.toString().getBytes(StandardCharsets.UTF_8)));
          }
          open = false;
        }
        case "message_delta" -> {
          whole.setAll((ObjectNode) json.get("delta"));
          ((ObjectNode) whole.get("usage")).setAll((ObjectNode) json.get("usage"));
        }
        default -> assertEquals("message_stop", event.name());
      }
    }
    assertTrue(!open, "a block without an end");
    assertEquals("message_stop", events.getLast().name());
    return whole;
  }

  private static void grow(ObjectNode block, JsonNode delta, StringBuilder input) {
    switch (delta.get("type").stringValue()) {
      case "text_delta" -> append(block, delta, "text");
      case "thinking_delta" -> append(block, delta, "thinking");
      case "signature_delta" -> append(block, delta, "signature");
      case "input_json_delta" -> input.append(delta.get("partial_json").stringValue());
      default -> throw new AssertionError("unknown delta " + delta);
    }
  }

  private static void append(ObjectNode block, JsonNode delta, String field) {
    block.put(field, block.get(field).stringValue() + delta.get(field).stringValue());
  }

  static JsonNode completion(List<Sse> events) {
    ObjectNode whole = (ObjectNode) events.getFirst().json();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < events.size(); i++) {
      JsonNode json = events.get(i).json();
      assertEquals("completion", events.get(i).name());
      assertEquals(
          i == events.size() - 1, json.get("stop_reason").isString(), "only the last ends");
      text.append(json.get("completion").stringValue());
    }
    whole.put("completion", text.toString());
    whole.set("stop_reason", events.getLast().json().get("stop_reason"));
    return whole;
  }
}
