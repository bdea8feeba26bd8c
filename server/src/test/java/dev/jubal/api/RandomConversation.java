package dev.jubal.api;

import dev.jubal.inference.Item;
import dev.jubal.inference.Role;
import dev.jubal.platform.json.Json;
import dev.jubal.proto.xai.Content;
import dev.jubal.proto.xai.GetCompletionsRequest;
import dev.jubal.proto.xai.Message;
import dev.jubal.proto.xai.MessageRole;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;

/**
 * A conversation with thoughts, calls and results, the same for the same seed, and how each dialect
 * tells it.
 */
final class RandomConversation {
  private static final String[] TEXTS = {
    "Hello.", "wörld 🙂", " ", "a\nb", "\"quoted\"", "{\"a\":1}", "\u2028", "<|im_end|>", "No. 7"
  };

  private final Random random;
  private final String system;
  private final List<Turn> turns = new ArrayList<>();
  private int calls;

  /** A turn: what was asked, and what the assistant did about it. */
  private record Turn(String asked, List<Step> steps) {}

  /** One answer: a thought, a text and calls with their results; an empty text is none. */
  private record Step(String thought, String text, List<Call> calls) {}

  private record Call(String id, String name, String arguments, String result) {}

  RandomConversation(long seed) {
    random = new Random(seed);
    system = random.nextBoolean() ? text() : "";
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      turns.add(new Turn(text(), i == count - 1 ? List.of() : steps()));
    }
  }

  private String text() {
    return TEXTS[random.nextInt(TEXTS.length)];
  }

  private List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    int rounds = random.nextInt(3);
    for (int i = 0; i < rounds; i++) {
      List<Call> made = new ArrayList<>();
      int count = 1 + random.nextInt(3);
      for (int c = 0; c < count; c++) {
        made.add(call());
      }
      steps.add(new Step(maybe(), maybe(), made));
    }
    steps.add(new Step(maybe(), text(), List.of()));
    return steps;
  }

  private String maybe() {
    return random.nextBoolean() ? text() : "";
  }

  private Call call() {
    Map<String, Object> arguments = new HashMap<>();
    int count = random.nextInt(3);
    for (int i = 0; i < count; i++) {
      arguments.put("a" + i, random.nextBoolean() ? text() : List.of(random.nextInt(100), true));
    }
    return new Call("call_" + ++calls, "f" + random.nextInt(3), Json.string(arguments), text());
  }

  /** What it is. */
  List<Item> items() {
    List<Item> items = new ArrayList<>();
    if (!system.isEmpty()) {
      items.add(Item.Message.text(Role.SYSTEM, system));
    }
    for (Turn turn : turns) {
      items.add(Item.Message.text(Role.USER, turn.asked));
      for (Step step : turn.steps) {
        if (!step.thought.isEmpty()) {
          items.add(new Item.Reasoning(step.thought));
        }
        if (!step.text.isEmpty()) {
          items.add(Item.Message.text(Role.ASSISTANT, step.text));
        }
        step.calls.forEach(c -> items.add(new Item.FunctionCall(c.id, c.name, c.arguments)));
        step.calls.forEach(c -> items.add(Item.FunctionCallOutput.text(c.id, c.result)));
      }
    }
    return items;
  }

  /** A body of chat completions. */
  Map<String, Object> chat() {
    List<Object> messages = new ArrayList<>();
    if (!system.isEmpty()) {
      messages.add(said("system", system));
    }
    for (Turn turn : turns) {
      messages.add(said("user", turn.asked));
      for (Step step : turn.steps) {
        Map<String, Object> message = said("assistant", step.text);
        if (!step.thought.isEmpty()) {
          message.put("reasoning_content", step.thought);
        }
        if (!step.calls.isEmpty()) {
          message.put(
              "tool_calls",
              step.calls.stream()
                  .map(
                      c ->
                          Map.of(
                              "id",
                              c.id,
                              "type",
                              "function",
                              "function",
                              Map.of("name", c.name, "arguments", c.arguments)))
                  .toList());
        }
        messages.add(message);
        for (Call c : step.calls) {
          messages.add(Map.of("role", "tool", "tool_call_id", c.id, "content", c.result));
        }
      }
    }
    return body("messages", messages);
  }

  /** A body of responses. */
  Map<String, Object> responses() {
    List<Object> input = new ArrayList<>();
    for (Turn turn : turns) {
      input.add(said("user", turn.asked));
      for (Step step : turn.steps) {
        if (!step.thought.isEmpty()) {
          input.add(
              Map.of(
                  "type",
                  "reasoning",
                  "id",
                  "rs_1",
                  "summary",
                  List.of(Map.of("type", "summary_text", "text", step.thought))));
        }
        if (!step.text.isEmpty()) {
          input.add(said("assistant", List.of(Map.of("type", "output_text", "text", step.text))));
        }
        for (Call c : step.calls) {
          input.add(
              Map.of(
                  "type",
                  "function_call",
                  "call_id",
                  c.id,
                  "name",
                  c.name,
                  "arguments",
                  c.arguments));
        }
        for (Call c : step.calls) {
          input.add(Map.of("type", "function_call_output", "call_id", c.id, "output", c.result));
        }
      }
    }
    Map<String, Object> body = body("input", input);
    if (!system.isEmpty()) {
      body.put("instructions", system);
    }
    return body;
  }

  /** A body of messages; results and what is asked next stand in one, or in two. */
  Map<String, Object> messages() {
    List<Object> messages = new ArrayList<>();
    List<Object> results = new ArrayList<>();
    for (Turn turn : turns) {
      if (results.isEmpty() || random.nextBoolean()) {
        flush(messages, results);
        messages.add(said("user", turn.asked));
      } else {
        results.add(Map.of("type", "text", "text", turn.asked));
        flush(messages, results);
      }
      for (Step step : turn.steps) {
        flush(messages, results);
        messages.add(said("assistant", blocks(step)));
        for (Call c : step.calls) {
          results.add(Map.of("type", "tool_result", "tool_use_id", c.id, "content", c.result));
        }
      }
    }
    Map<String, Object> body = body("messages", messages);
    body.put("max_tokens", 8);
    if (!system.isEmpty()) {
      body.put("system", system);
    }
    return body;
  }

  /** A request of xAI's gRPC chat. */
  GetCompletionsRequest rpc() {
    GetCompletionsRequest.Builder request = GetCompletionsRequest.newBuilder();
    if (!system.isEmpty()) {
      request.addMessages(said(MessageRole.ROLE_SYSTEM, system));
    }
    for (Turn turn : turns) {
      request.addMessages(said(MessageRole.ROLE_USER, turn.asked));
      for (Step step : turn.steps) {
        Message.Builder message = said(MessageRole.ROLE_ASSISTANT, step.text);
        if (!step.thought.isEmpty()) {
          message.setReasoningContent(step.thought);
        }
        for (Call c : step.calls) {
          message
              .addToolCallsBuilder()
              .setId(c.id)
              .getFunctionBuilder()
              .setName(c.name)
              .setArguments(c.arguments);
        }
        request.addMessages(message);
        for (Call c : step.calls) {
          request.addMessages(said(MessageRole.ROLE_TOOL, c.result).setToolCallId(c.id));
        }
      }
    }
    return request.build();
  }

  private static Message.Builder said(MessageRole role, String text) {
    return Message.newBuilder().setRole(role).addContent(Content.newBuilder().setText(text));
  }

  private static void flush(List<Object> messages, List<Object> results) {
    if (!results.isEmpty()) {
      messages.add(said("user", List.copyOf(results)));
      results.clear();
    }
  }

  private static List<Object> blocks(Step step) {
    List<Object> blocks = new ArrayList<>();
    if (!step.thought.isEmpty()) {
      blocks.add(Map.of("type", "thinking", "thinking", step.thought, "signature", ""));
    }
    if (!step.text.isEmpty()) {
      blocks.add(Map.of("type", "text", "text", step.text));
    }
    for (Call c : step.calls) {
      JsonNode input = Json.tree(c.arguments.getBytes(StandardCharsets.UTF_8));
      blocks.add(Map.of("type", "tool_use", "id", c.id, "name", c.name, "input", input));
    }
    return blocks;
  }

  private static Map<String, Object> said(String role, Object content) {
    return new HashMap<>(Map.of("role", role, "content", content));
  }

  private static Map<String, Object> body(String field, List<Object> told) {
    return new HashMap<>(Map.of(field, told));
  }
}
