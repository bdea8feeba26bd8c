package dev.jubal.api.messages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.http.OpenAiErrors;
import dev.jubal.platform.json.Json;
import dev.jubal.testing.Http;
import dev.jubal.testing.OpenApiCheck;
import dev.jubal.testing.ScriptedServer;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What of a body of messages is refused, and what its thoughts and its count are. */
class MessagesTest {
  private static final String PATH = "/v1/messages";
  private static final ScriptedServer SERVER = new ScriptedServer(new OpenAiErrors());
  private static final Http HTTP = SERVER.http();

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @BeforeEach
  void script() {
    SERVER.script(
        """
        {"answers": [
          {"match": "think", "steps": [{"reasoning": "Hm. "}, {"reasoning": "So."}, {"text": "Yes."}]},
          {"match": "turn", "prompt_tokens": 77, "steps": [{"text": "a"}]},
          {"steps": [{"text": "Hi."}]}]}
        """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "max_tokens|0|max_tokens: 0 (expected: a whole number of at least 1)",
        "max_tokens|null|max_tokens is missing",
        "messages|[]|messages: [] (expected: an array of at least 1",
        "messages|[{\"role\":\"tool\",\"content\":\"x\"}]|messages[0].role: \"tool\" (expected: one"
            + " of user, assistant, system)",
        "messages|[{\"role\":\"user\"}]|messages[0].content is missing",
        "messages|[{\"role\":\"user\",\"content\":[]}]|messages[0].content: [] (expected: at least"
            + " one block)",
        "messages|[{\"role\":\"user\",\"content\":7}]|messages[0].content: 7 (expected: string or"
            + " array)",
        "messages|[{\"role\":\"user\",\"content\":[\"x\"]}]|messages[0].content[0]: \"x\"",
        "messages|[{\"role\":\"user\",\"content\":[{}]}]|messages[0].content[0].type is missing",
        "messages|[{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]}]"
            + "|messages[0].content[0].text is missing",
        "messages|[{\"role\":\"user\",\"content\":[{\"type\":\"document\"}]}]"
            + "|messages[0].content[0].type: \"document\" is not available",
        "messages|[{\"role\":\"user\",\"content\":[{\"type\":\"tool_use\",\"id\":\"a\"}]}]"
            + "|messages[0].content[0].type: \"tool_use\" (expected: only in a message of the role"
            + " assistant)",
        "messages|[{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_result\"}]}]"
            + "|messages[0].content[0].type: \"tool_result\" (expected: only in",
        "messages|[{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"a\","
            + "\"name\":\"f\",\"input\":\"{}\"}]}]|messages[0].content[0].input: \"{}\" (expected:"
            + " an object)",
        "messages|[{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"a\","
            + "\"content\":[{\"type\":\"document\"}]}]}]|messages[0].content[0].content[0].type:"
            + " \"document\"",
        "messages|[{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":{\"type\":"
            + "\"file\",\"file_id\":\"f\"}}]}]|messages[0].content[0].source.type: \"file\""
            + " (expected: one of base64, url)",
        "messages|[{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":{\"type\":"
            + "\"base64\",\"media_type\":\"image/png\"}}]}]|messages[0].content[0].source.data is"
            + " missing",
        "messages|[{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":{\"type\":"
            + "\"base64\",\"media_type\":\"image/bmp\",\"data\":\"\"}}]}]"
            + "|messages[0].content[0].source.media_type: \"image/bmp\" (expected: one of",
        "system|[{\"type\":\"image\"}]|system[0].type: \"image\" is not available",
        "system|7|system: 7 (expected: string or array)",
        "tools|[{\"name\":\"f\"}]|tools[0].input_schema is missing",
        "tools|[{\"input_schema\":{}}]|tools[0].name is missing",
        "tools|[{\"name\":\"f\",\"input_schema\":{\"type\":\"string\"}}]"
            + "|tools[0].input_schema/type: \"string\" (expected: object",
        "tools|[{\"type\":\"bash_20250124\",\"name\":\"bash\"}]|tools[0].type: \"bash_20250124\""
            + " is not available",
        "tool_choice|{}|tool_choice.type is missing",
        "tool_choice|{\"type\":\"required\"}|tool_choice.type: \"required\" (expected: one of auto,"
            + " any, tool, none)",
        "tool_choice|{\"type\":\"any\"}|tool_choice.type: \"any\" (expected: auto or none, as the"
            + " request has no tools)",
        "tool_choice|{\"type\":\"tool\"}|tool_choice.name is missing",
        "tool_choice|{\"type\":\"tool\",\"name\":\"f\"}|tool_choice.type: \"tool\" (expected: auto"
            + " or none",
        "stop_sequences|[\"a\",\"\"]|stop_sequences[1]: \"\" (expected: a text of at least one",
        "stop_sequences|[\"a\",\"b\",\"c\",\"d\",\"e\"]|stop_sequences: [",
        "stop_sequences|\"a\"|stop_sequences: \"a\" (expected: an array",
        "temperature|3|temperature: 3 (expected: a number from 0 to 2)",
        "top_k|0|top_k: 0 (expected: a whole number of at least 1)",
        "thinking|{\"type\":\"on\"}|thinking.type: \"on\" (expected: one of",
        "thinking|{\"type\":\"enabled\"}|thinking.budget_tokens is missing",
        "thinking|{\"type\":\"enabled\",\"budget_tokens\":64}|thinking.budget_tokens: 64 (expected:"
            + " less than max_tokens, 64)",
        "output_config|{\"format\":{\"type\":\"json_schema\"}}|output_config.format.schema is"
            + " missing",
        "output_config|{\"effort\":\"low\"}|output_config.effort",
        "output_format|{\"type\":\"xml\",\"schema\":{}}|output_format.type: \"xml\" (expected: one"
            + " of json_schema)",
        "mcp_servers|[{}]|mcp_servers: [{}] is not available",
      })
  void aBadFieldIsNamed(String field, String value, String message) throws Exception {
    ObjectNode body = body("Hi.");
    body.set(field, tree(value));
    HttpResponse<String> answer = HTTP.post(PATH, Json.string(body));
    assertEquals(400, answer.statusCode(), answer.body());
    JsonNode error = tree(answer.body());
    assertEquals("error", error.get("type").stringValue());
    assertEquals("invalid_request_error", error.get("error").get("type").stringValue());
    String text = error.get("error").get("message").stringValue();
    assertTrue(text.contains(message), text);
    OpenApiCheck.of(HTTP).check("POST", PATH, answer);
    assertEquals(0, SERVER.ledger().admissions().size(), "admitted");
  }

  @Test
  void aNamedToolMustBeOffered() throws Exception {
    ObjectNode body = body("Hi.");
    body.putArray("tools").addObject().put("name", "f").putObject("input_schema");
    body.putObject("tool_choice").put("type", "tool").put("name", "g");
    String answer = HTTP.post(PATH, Json.string(body)).body();
    assertTrue(answer.contains("tool_choice.name: \\\"g\\\" (expected: one of f)"), answer);
  }

  @Test
  void aParameterThatTheModelRefusesHasItsOwnName() throws Exception {
    ObjectNode body = body("Hi.").put("model", ScriptedServer.REASONING_MODEL);
    body.putArray("stop_sequences").add("END");
    String answer = HTTP.post(PATH, Json.string(body)).body();
    assertTrue(answer.contains("not supported on this model: stop_sequences"), answer);
  }

  @Test
  void aThoughtComesBackWithItsSignatureAlone() throws Exception {
    ObjectNode body = body("think");
    JsonNode answer = post(body);
    ArrayNode content = (ArrayNode) answer.get("content");
    assertEquals("Hm. So.", content.get(0).get("thinking").stringValue());
    assertEquals(3, answer.get("usage").get("output_tokens").intValue());

    ArrayNode messages = (ArrayNode) body.get("messages");
    messages.addObject().put("role", "assistant").set("content", content);
    messages.addObject().put("role", "user").put("content", "And?");
    assertEquals("Hi.", post(body).get("content").get(0).get("text").stringValue());

    ((ObjectNode) content.get(0)).put("thinking", "Hm. No.");
    String changed = refused(body);
    assertTrue(
        changed.contains("messages[1].content[0].signature: it is that of another"), changed);
    ((ObjectNode) content.get(0)).put("signature", "bm9uZQ==");
    assertTrue(refused(body).contains("messages[1].content[0].signature: 8 characters"));
    ((ObjectNode) content.get(0)).remove("signature");
    assertEquals("Hi.", post(body).get("content").get(0).get("text").stringValue());
  }

  @Test
  void aSealedThoughtIsOpened() throws Exception {
    JsonNode thinking = post(body("think")).get("content").get(0);
    ObjectNode body = body("Hi.");
    ArrayNode messages = (ArrayNode) body.get("messages");
    ObjectNode redacted =
        messages.addObject().put("role", "assistant").putArray("content").addObject();
    redacted.put("type", "redacted_thinking").set("data", thinking.get("signature"));
    messages.addObject().put("role", "user").put("content", "And?");
    assertEquals("Hi.", post(body).get("content").get(0).get("text").stringValue());
    redacted.put("data", "x");
    assertTrue(refused(body).contains("messages[1].content[0].data: 1 characters"));
  }

  @Test
  void aBudgetIsTakenOffTheAnswersTokens() throws Exception {
    ObjectNode body = body("think").put("max_tokens", 2);
    body.putObject("thinking").put("type", "enabled").put("budget_tokens", 1);
    JsonNode answer = post(body);
    assertEquals("Hm. ", answer.get("content").get(0).get("thinking").stringValue());
    assertEquals("Yes.", answer.get("content").get(1).get("text").stringValue());
    assertEquals("max_tokens", answer.get("stop_reason").stringValue());
    assertEquals(2, answer.get("usage").get("output_tokens").intValue());
  }

  @Test
  void disabledThinkingLeavesNoThought() throws Exception {
    ObjectNode body = body("think");
    body.putObject("thinking").put("type", "disabled");
    JsonNode content = post(body).get("content");
    assertEquals(1, content.size());
    assertEquals("Yes.", content.get(0).get("text").stringValue());
  }

  @Test
  void aCountIsThatOfTheAnswerAndCostsNothing() throws Exception {
    ObjectNode body = body("whose turn is it");
    HttpResponse<String> counted = HTTP.post(PATH + "/count_tokens", Json.string(body));
    assertEquals("{\"input_tokens\":77}", counted.body());
    assertEquals("max_tokens", counted.headers().firstValue("x-jubal-ignored").orElse(""));
    OpenApiCheck.of(HTTP).check("POST", PATH + "/count_tokens", counted);
    assertEquals(0, SERVER.ledger().admissions().size());
    assertEquals(77, post(body).get("usage").get("input_tokens").intValue());
    assertFalse(SERVER.ledger().settlements().isEmpty());
  }

  private static JsonNode post(ObjectNode body) throws Exception {
    HttpResponse<String> answer = HTTP.post(PATH, Json.string(body));
    assertEquals(200, answer.statusCode(), answer.body());
    OpenApiCheck.of(HTTP).check("POST", PATH, answer);
    return tree(answer.body());
  }

  private static String refused(ObjectNode body) throws Exception {
    HttpResponse<String> answer = HTTP.post(PATH, Json.string(body));
    assertEquals(400, answer.statusCode(), answer.body());
    return answer.body();
  }

  private static ObjectNode body(String say) {
    ObjectNode body = Json.mapper().createObjectNode().put("model", ScriptedServer.MODEL);
    body.put("max_tokens", 64);
    body.putArray("messages").addObject().put("role", "user").put("content", say);
    return body;
  }

  private static JsonNode tree(String json) {
    return Json.tree(json.getBytes(StandardCharsets.UTF_8));
  }
}
