package dev.jubal.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.http.OpenAiErrors;
import dev.jubal.platform.http.Route;
import dev.jubal.platform.json.Field;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.json.RecordShape;
import dev.jubal.testing.ScriptedServer;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What is not built is a 400 that names the field; what asks for nothing passes. */
class RefusalTest {
  private static final ScriptedServer SERVER = new ScriptedServer(new OpenAiErrors());

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  /** A field of a request that is refused when it asks for something. */
  record Refused(String path, String field, Field rule) {
    @Override
    public String toString() {
      return path + " " + field;
    }
  }

  static Stream<Refused> refusedFields() {
    return SERVER.routes().all().stream()
        .filter(r -> r.request() != null)
        .flatMap(RefusalTest::refusedFields);
  }

  private static Stream<Refused> refusedFields(Route route) {
    return RecordShape.of(Objects.requireNonNull(route.request())).components().stream()
        .filter(c -> c.rule() != null && c.rule().support() == Field.Support.REFUSED)
        .map(c -> new Refused(route.path(), c.name(), Objects.requireNonNull(c.rule())));
  }

  @ParameterizedTest
  @MethodSource("refusedFields")
  void aValueThatAsksForSomethingIsA400ThatNamesTheField(Refused refused) throws Exception {
    List<String> values = new ArrayList<>(List.of("true", "\"x\"", "7", "[1]", "{\"type\":\"x\"}"));
    if (refused.rule.emptyAsks()) {
      values.add("{}");
    }
    for (String value : values) {
      HttpResponse<String> answer = post(refused.path, body(refused.path), refused.field, value);
      assertEquals(400, answer.statusCode(), value);
      JsonNode error = tree(answer.body()).get("error");
      String message = error.get("message").stringValue();
      assertTrue(message.contains(value), answer.body());
      if (error.has("param")) {
        assertEquals(refused.field, error.get("param").stringValue());
        assertEquals("unsupported_parameter", error.get("code").stringValue());
      } else { // Anthropic's form names the field in the text alone
        assertTrue(message.startsWith(refused.field + ": "), message);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("refusedFields")
  void aValueThatAsksForNothingPassesInSilence(Refused refused) throws Exception {
    List<String> values = new ArrayList<>(List.of("null", "false"));
    values.addAll(List.of(refused.rule.neutral()));
    if (!refused.rule.emptyAsks()) {
      values.add("[]");
    }
    for (String value : values) {
      HttpResponse<String> answer = post(refused.path, body(refused.path), refused.field, value);
      assertEquals(200, answer.statusCode(), value + answer.body());
      assertFalse(answer.headers().firstValue("x-jubal-ignored").isPresent());
    }
  }

  @Test
  void theIssuesOwnListIsRefused() {
    List<String> names = refusedFields().map(Refused::toString).toList();
    for (String field : List.of("functions", "function_call", "search_parameters", "store")) {
      assertTrue(names.contains("/v1/chat/completions " + field), field);
    }
    for (String field : List.of("conversation", "prompt")) {
      assertTrue(names.contains("/v1/responses " + field), field);
    }
    assertTrue(names.contains("/v1/completions suffix"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "messages|[]|messages|messages: [] (expected: an array of at least 1 elements).",
        "messages|[{\"content\":\"x\"}]|messages[0].role|messages[0].role is missing",
        "messages|[{\"role\":\"user\"}]|messages[0].content|messages[0].content is missing",
        "messages|[{\"role\":\"user\",\"content\":[]}]|messages[0].content|is missing",
        "messages|[{\"role\":\"user\",\"content\":7}]|messages[0].content|messages[0].content: 7",
        "messages|[{\"role\":\"boss\",\"content\":\"x\"}]|messages[0].role|\"boss\" (expected: one"
            + " of system",
        "messages|[{\"role\":\"function\",\"content\":\"x\"}]|messages[0].role|is not available",
        "messages|[{\"role\":\"assistant\",\"content\":\"x\",\"tool_calls\":[{}]}]"
            + "|messages[0].tool_calls[0].id|is missing",
        "messages|[{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c\",\"type\":\"mcp_call\",\"function\":{\"name\":\"f\"}}]}]|messages[0].tool_calls[0].type|\"mcp_call\""
            + " is not",
        "messages|[{\"role\":\"user\",\"content\":\"x\",\"tool_calls\":[{\"id\":\"c\","
            + "\"function\":{\"name\":\"f\"}}]}]|messages[0].tool_calls|1 calls (expected: none",
        "messages|[{\"role\":\"tool\",\"content\":[{\"type\":\"input_image\"}]}]"
            + "|messages[0].content[0].image_url|image_url is missing",
        "tools|7|tools|tools: 7 (expected: an array of at most 350 elements).",
        "tools|[{}]|tools[0].type|is missing",
        "tools|[{\"type\":\"web_search\"}]|tools[0].type|\"web_search\" is not available",
        "tools|[{\"type\":\"mcp\",\"server_url\":\"x\"}]|tools[0].type|\"mcp\" is not available",
        "tools|[{\"type\":\"function\"}]|tools[0].function|is missing",
        "tools|[{\"type\":\"function\",\"function\":{}}]|tools[0].function.name|is missing",
        "tools|[{\"type\":\"function\",\"function\":{\"name\":\"a b\"}}]"
            + "|tools[0].function.name|\"a b\" (expected: 1 to 128 letters",
        "tools|[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":[]}}]"
            + "|tools[0].function.parameters|[] (expected: an object)",
        "tools|[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":"
            + "{\"type\":\"string\"}}}]|tools[0].function.parameters|\"string\" (expected: object",
        "tools|[{\"type\":\"function\",\"function\":{\"name\":\"f\"}},"
            + "{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]"
            + "|tools[1].function.name|a name of its own; tools[0] has this one",
        "tool_choice|\"required\"|tool_choice|as the request has no tools",
        "tool_choice|{\"type\":\"function\",\"function\":{\"name\":\"f\"}}|tool_choice|has no"
            + " tools",
        "tool_choice|\"any\"|tool_choice|\"any\" (expected: none, auto, required",
        "tool_choice|7|tool_choice|tool_choice: 7 (expected: string or object)",
        "tool_choice|{\"type\":\"allowed_tools\"}|tool_choice.allowed_tools.tools|is missing",
        "tool_choice|{\"type\":\"custom\"}|tool_choice.type|\"custom\" is not available",
        "tool_choice|{}|tool_choice.type|is missing",
        "tool_choice|{\"type\":\"function\",\"name\":\"f\"}|tool_choice.function.name|is missing",
        "response_format|{}|response_format.type|is missing",
        "response_format|{\"type\":\"xml\"}|response_format.type|one of text, json_object,"
            + " json_schema",
        "response_format|{\"type\":\"json_schema\"}|response_format.json_schema|is missing",
        "response_format|{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\"}}"
            + "|response_format.json_schema.schema|is missing",
        "response_format|{\"type\":\"json_schema\",\"json_schema\":{\"schema\":\"x\"}}"
            + "|response_format.json_schema.schema|\"x\" (expected: an object)",
        "messages|[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{}}]}]"
            + "|messages[0].content[0].image_url.url|image_url.url is missing",
        "messages|[{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"file\":{}}]}]"
            + "|messages[0].content[0].type|\"file\" is not available",
        "messages|[{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]}]"
            + "|messages[0].content[0].text|is missing",
        "messages|[{\"role\":\"user\",\"content\":[\"x\"]}]|messages[0].content[0]|\"x\" (expected",
        "n|0|n|n: 0 (expected: a whole number from 1 to 128).",
        "n|129|n|n: 129",
        "temperature|2.1|temperature|from 0 to 2",
        "top_p|-0.1|top_p|from 0 to 1",
        "max_tokens|0|max_tokens|at least 1",
        "presence_penalty|3|presence_penalty|from -2 to 2",
        "stop|[\"a\",\"b\",\"c\",\"d\",\"e\"]|stop|stop: 5 texts (expected: at most 4).",
        "stop|[\"\"]|stop[0]|at least one character",
        "stop|[3]|stop[0]|stop[0]: 3",
        "top_logprobs|3|top_logprobs|unless logprobs is true",
        "logit_bias|{\"x\":1}|logit_bias|\"x\" (expected: token ids",
        "logit_bias|{\"5\":101}|logit_bias|logit_bias.5: 101.0",
        "seed|\"a\"|seed|seed: \"a\" (expected: a whole number).",
        "service_tier|\"gold\"|service_tier|one of auto, default, priority, fast",
        "reasoning_effort|\"low\"|reasoning_effort|not supported on this model",
      })
  void aBadChatFieldIsNamed(String field, String value, String param, String message)
      throws Exception {
    refused("/v1/chat/completions", field, value, param, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "input|[]|input|input: [] (expected: at least one item).",
        "input|7|input|input: 7 (expected: string or array).",
        "input|[7]|input[0]|input[0]: 7 (expected: a message, reasoning, function_call",
        "input|[{\"type\":\"item_reference\",\"id\":\"x\"}]|input[0].id|\"x\" was not found",
        "input|[{\"type\":\"mcp_call\",\"id\":\"x\"}]|input[0].type|\"mcp_call\" is not",
        "input|[{\"type\":\"compaction\"}]|input[0].encrypted_content|is missing",
        "input|[{\"type\":\"reasoning\",\"encrypted_content\":\"?\"}]|input[0].encrypted_content|1"
            + " characters that cannot be opened",
        "input|[{\"type\":\"reasoning\",\"summary\":[{\"type\":\"text\"}]}]|input[0].summary[0].type|one"
            + " of summary_text",
        "reasoning|{\"effort\":\"low\"}|reasoning.effort|not supported on this model:"
            + " reasoning.effort",
        "reasoning|{\"summary\":\"long\"}|reasoning.summary|one of auto, concise, detailed",
        "input|[{\"type\":\"function_call\"}]|input[0].call_id|is missing",
        "input|[{\"type\":\"function_call\",\"call_id\":\"c\"}]|input[0].name|is missing",
        "input|[{\"type\":\"function_call_output\"}]|input[0].call_id|is missing",
        "input|[{\"type\":\"function_call_output\",\"call_id\":\"c\",\"output\":[{\"type\":\"input_file\"}]}]|input[0].output[0].type|\"input_file\""
            + " is not available",
        "tools|[{\"type\":\"code_interpreter\"}]|tools[0].type|\"code_interpreter\" is not"
            + " available",
        "tools|[{\"type\":\"x_search\"}]|tools[0].type|\"x_search\" is not available",
        "tools|[{\"type\":\"function\"}]|tools[0].name|is missing",
        "tools|[{\"type\":\"function\",\"name\":\"\"}]|tools[0].name|1 to 128 letters",
        "tool_choice|{\"type\":\"function\"}|tool_choice.name|is missing",
        "tool_choice|{\"type\":\"allowed_tools\",\"tools\":[]}|tool_choice.tools|is missing",
        "previous_response_id|7|previous_response_id|previous_response_id: 7 (expected: a string",
        "store|\"no\"|store|store: \"no\" (expected: true or false",
        "tool_choice|{\"type\":\"web_search\"}|tool_choice.type|\"web_search\" is not available",
        "input|[{\"role\":\"tool\",\"content\":\"x\"}]|input[0].role|one of system, developer",
        "input|[{\"role\":\"user\"}]|input[0].content|input[0].content is missing",
        "input|[{\"role\":\"user\",\"content\":[]}]|input[0].content|at least one part",
        "input|[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\"}]}]"
            + "|input[0].content[0].image_url|image_url is missing",
        "input|[{\"role\":\"user\",\"content\":[{\"type\":\"input_file\"}]}]"
            + "|input[0].content[0].type|\"input_file\" is not available",
        "text|{\"format\":{\"type\":\"xml\"}}|text.format.type|one of text, json_object,"
            + " json_schema",
        "text|{\"format\":{\"type\":\"json_schema\"}}|text.format.schema|is missing",
        "metadata|{\"k\":1}|metadata.k|metadata.k: 1 (expected: a string).",
        "max_output_tokens|0|max_output_tokens|at least 1",
        "top_k|0|top_k|at least 1",
        "truncation|\"some\"|truncation|one of auto, disabled",
      })
  void aBadResponsesFieldIsNamed(String field, String value, String param, String message)
      throws Exception {
    refused("/v1/responses", field, value, param, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "prompt|\"\"|prompt|one text of at least one character",
        "prompt|[1,2]|prompt|prompt: [1,2]",
        "prompt|[\"a\",\"b\"]|prompt|prompt: 2 texts",
        "logprobs|21|logprobs|from 0 to 20",
        "logprobs|0.5|logprobs|expected: boolean or integer",
      })
  void aBadCompletionsFieldIsNamed(String field, String value, String param, String message)
      throws Exception {
    refused("/v1/completions", field, value, param, message);
  }

  @Test
  void aNumberThatNoTypeHoldsIsNamed() throws Exception {
    refused(
        "/v1/completions",
        "logprobs",
        "9".repeat(400),
        "logprobs",
        "logprobs: "
            + "9".repeat(77)
            + "... (expected: true, false or a whole number from 0 to 20).");
  }

  @Test
  void anEchoWithLogprobsIsRefused() throws Exception {
    ObjectNode body = body("/v1/completions");
    body.put("logprobs", 1);
    HttpResponse<String> answer = post("/v1/completions", body, "echo", "true");
    assertEquals("echo", tree(answer.body()).get("error").get("param").stringValue());
  }

  private static void refused(String path, String field, String value, String param, String message)
      throws Exception {
    HttpResponse<String> answer = post(path, body(path), field, value);
    assertEquals(400, answer.statusCode(), answer.body());
    JsonNode error = tree(answer.body()).get("error");
    assertEquals(param, error.get("param").stringValue(), answer.body());
    assertTrue(error.get("message").stringValue().contains(message), answer.body());
  }

  private static HttpResponse<String> post(String path, ObjectNode body, String field, String value)
      throws Exception {
    body.set(field, tree(value));
    return SERVER.http().post(path, Json.string(body));
  }

  private static ObjectNode body(String path) {
    ObjectNode body = Json.mapper().createObjectNode().put("model", ScriptedServer.MODEL);
    switch (path) {
      case "/v1/chat/completions", "/v1/admission/explain", "/v1/admission/explain/chat" ->
          body.putArray("messages").addObject().put("role", "user").put("content", "Hi.");
      case "/v1/messages", "/v1/messages/count_tokens", "/v1/admission/explain/messages" -> {
        body.putArray("messages").addObject().put("role", "user").put("content", "Hi.");
        body.put("max_tokens", 8);
      }
      case "/v1/responses", "/v1/admission/explain/responses" -> body.put("input", "Hi.");
      default -> body.put("prompt", "Hi.");
    }
    return body;
  }

  private static JsonNode tree(String json) {
    return Json.tree(json.getBytes(StandardCharsets.UTF_8));
  }
}
