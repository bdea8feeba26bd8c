package dev.jubal.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.http.OpenAiErrors;
import dev.jubal.platform.json.Json;
import dev.jubal.testing.ScriptedServer;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Schemas, tools and earlier calls of any kind are a 400 or an answer, in good time, never a 5xx.
 * Run one seed again with {@code -Djubal.seed=N}.
 */
class HostileSchemaTest {
  private static final int ROUNDS = 400;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final ScriptedServer SERVER = new ScriptedServer(new OpenAiErrors());

  /** Cut by length, an answer is not held against anything: a 5xx would be the request's doing. */
  private static final String CUT =
      "{\"constrains\":%s,\"answers\":[{\"steps\":["
          + "{\"text\":\"{\\\"a\\\":\"},{\"finish\":\"length\"}]}]}";

  /** Held against whatever was asked, where nothing comes of it. */
  private static final String WHOLE =
      "{\"answers\":[{\"steps\":[{\"call\":{\"name\":\"f0\",\"arguments\":\"{\\\"a\\\":[]}\"}}]},"
          + "{\"steps\":[{\"text\":\"{\\\"a\\\":\\\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\\\"}\"}]}]}";

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @Test
  void aBackendThatDoesNotConstrain() throws Exception {
    rounds(CUT.formatted("false"));
  }

  @Test
  void aBackendThatConstrains() throws Exception {
    rounds(WHOLE);
  }

  private static void rounds(String script) throws Exception {
    SERVER.script(script);
    long first = Long.getLong("jubal.seed", System.nanoTime());
    int rounds = Long.getLong("jubal.seed") == null ? ROUNDS : 1;
    for (long seed = first; seed < first + rounds; seed++) {
      Random random = new Random(seed);
      boolean chat = random.nextBoolean();
      ObjectNode body = chat ? chat(random) : responses(random);
      for (int i = random.nextInt(4) - 1; i > 0; i--) {
        mutate(body, random);
      }
      send(chat ? "/v1/chat/completions" : "/v1/responses", Json.string(body), "seed " + seed);
    }
  }

  private static void send(String path, String body, String what) throws Exception {
    long start = System.nanoTime();
    HttpResponse<String> answer = SERVER.http().post(path, body);
    long took = System.nanoTime() - start;
    String sent = body.length() > 2000 ? body.substring(0, 2000) + "..." : body;
    int status = answer.statusCode();
    boolean expected = status == 200 || status == 400 || status == 404; // a mutated model name
    assertTrue(expected, what + ": " + status + " " + answer.body() + "\n" + sent);
    assertTrue(took < PATIENCE.toNanos(), what + " took " + took / 1_000_000 + " ms\n" + sent);
    if (status == 400) {
      JsonNode error = Json.tree(answer.body().getBytes(StandardCharsets.UTF_8)).get("error");
      assertTrue(error.get("message").stringValue().contains("expected"), what + answer.body());
    }
  }

  private static ObjectNode chat(Random random) {
    RandomSchema schemas = new RandomSchema(random);
    ObjectNode body = Json.mapper().createObjectNode().put("model", ScriptedServer.MODEL);
    body.put("stream", random.nextBoolean());
    ArrayNode messages = body.putArray("messages");
    messages.addObject().put("role", "user").put("content", "Hi.");
    if (random.nextBoolean()) {
      ObjectNode call =
          messages.addObject().put("role", "assistant").withArrayProperty("tool_calls").addObject();
      call.put("id", "c");
      call.putObject("function").put("name", "f0").set("arguments", schemas.junk(2));
      messages.addObject().put("role", "tool").set("content", schemas.junk(3));
    }
    if (random.nextBoolean()) {
      ObjectNode format = body.putObject("response_format").put("type", "json_schema");
      format.putObject("json_schema").put("name", "x").set("schema", schemas.schema(4));
    }
    if (random.nextInt(3) > 0) {
      ArrayNode tools = body.putArray("tools");
      for (int i = 0; i < 1 + random.nextInt(3); i++) {
        ObjectNode function = tools.addObject().put("type", "function").putObject("function");
        function.put("name", "f" + i).set("parameters", schemas.schema(4));
      }
      choice(body, random);
    }
    return body;
  }

  private static ObjectNode responses(Random random) {
    RandomSchema schemas = new RandomSchema(random);
    ObjectNode body = Json.mapper().createObjectNode().put("model", ScriptedServer.MODEL);
    body.put("stream", random.nextBoolean());
    ArrayNode input = body.putArray("input");
    input.addObject().put("role", "user").put("content", "Hi.");
    if (random.nextBoolean()) {
      ObjectNode output = input.addObject().put("type", "function_call_output");
      output.put("call_id", "c").set("output", schemas.junk(3));
    }
    if (random.nextBoolean()) {
      ObjectNode format = body.putObject("text").putObject("format").put("type", "json_schema");
      format.put("name", "x").set("schema", schemas.schema(4));
    }
    if (random.nextInt(3) > 0) {
      ObjectNode tool = body.putArray("tools").addObject().put("type", "function");
      tool.put("name", "f0").set("parameters", schemas.schema(4));
      choice(body, random);
    }
    return body;
  }

  private static void choice(ObjectNode body, Random random) {
    if (random.nextBoolean()) {
      List<String> choices = List.of("none", "auto", "required", "sometimes");
      body.put("tool_choice", choices.get(random.nextInt(choices.size())));
    }
  }

  /** Puts junk at some place, or takes away what is there. */
  private static void mutate(JsonNode node, Random random) {
    if (node instanceof ObjectNode object && !object.isEmpty()) {
      List<String> names = List.copyOf(object.propertyNames());
      String name = names.get(random.nextInt(names.size()));
      if (random.nextInt(3) > 0 && object.get(name).isContainer()) {
        mutate(object.get(name), random);
      } else if (random.nextBoolean()) {
        object.remove(name);
      } else {
        object.set(name, new RandomSchema(random).junk(3));
      }
    } else if (node instanceof ArrayNode array && !array.isEmpty()) {
      int index = random.nextInt(array.size());
      if (random.nextInt(3) > 0 && array.get(index).isContainer()) {
        mutate(array.get(index), random);
      } else {
        array.set(index, new RandomSchema(random).junk(3));
      }
    }
  }

  @Test
  void aLargeOrDeepOneIsRefusedOrAnswered() throws Exception {
    SERVER.script(CUT.formatted("false"));
    // around the depths at which our own limit, and a parser or a writer, would give up
    for (int depth : new int[] {50, 198, 199, 200, 450, 494, 495, 496, 497, 2_000, 20_000}) {
      String schema = "{\"items\":".repeat(depth) + "{}" + "}".repeat(depth);
      send("/v1/chat/completions", format(schema), "depth " + depth);
      for (boolean stream : new boolean[] {false, true}) {
        responsesOf(schema, stream, "depth " + depth);
      }
    }
    StringBuilder names = new StringBuilder();
    for (int i = 0; names.length() < 1_000_000; i++) {
      names.append(i == 0 ? "" : ",").append('"').append("value-").append(i).append('"');
    }
    send("/v1/chat/completions", format("{\"enum\":[" + names + "]}"), "a large enum");
    send("/v1/chat/completions", format("{\"required\":[" + names + "]}"), "a large required");
  }

  private static void responsesOf(String schema, boolean stream, String what) throws Exception {
    String head =
        "{\"model\":\"" + ScriptedServer.MODEL + "\",\"input\":\"Hi.\",\"stream\":" + stream;
    String format = ",\"text\":{\"format\":{\"type\":\"json_schema\",\"schema\":" + schema + "}}}";
    send("/v1/responses", head + format, what);
    String function = "{\"type\":\"function\",\"name\":\"f\",\"x\":" + schema + "}";
    String tools = ",\"tools\":[" + function + "],\"tool_choice\":" + function + "}";
    send("/v1/responses", head + tools, what);
  }

  private static String format(String schema) {
    return "{\"model\":\""
        + ScriptedServer.MODEL
        + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi.\"}],\"response_format\":"
        + "{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\",\"schema\":"
        + schema
        + "}}}";
  }

  @Test
  void asManyToolsAsAllowedAndOneMore() throws Exception {
    SERVER.script(CUT.formatted("false"));
    for (int count : new int[] {350, 351}) {
      ObjectNode body = Json.mapper().createObjectNode().put("model", ScriptedServer.MODEL);
      body.putArray("messages").addObject().put("role", "user").put("content", "Hi.");
      ArrayNode tools = body.putArray("tools");
      for (int i = 0; i < count; i++) {
        ObjectNode function = tools.addObject().put("type", "function").putObject("function");
        function.put("name", "f" + i).set("parameters", RandomSchema.deep(4));
      }
      HttpResponse<String> answer = SERVER.http().post("/v1/chat/completions", Json.string(body));
      assertEquals(count == 350 ? 200 : 400, answer.statusCode(), answer.body());
    }
  }
}
