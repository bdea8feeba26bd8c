package dev.jubal.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.http.OpenAiErrors;
import dev.jubal.platform.json.Json;
import dev.jubal.testing.ScriptedServer;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The limits of metadata, in both dialects that have it. */
final class MetadataFieldTest {
  private static final ScriptedServer SERVER = new ScriptedServer(new OpenAiErrors());

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  private static List<HttpResponse<String>> post(String metadata) throws Exception {
    SERVER.script("{\"answers\":[{\"steps\":[{\"text\":\"x\"}]}]}");
    String head = "{\"model\":\"grok-scripted\",\"metadata\":" + metadata;
    return List.of(
        SERVER
            .http()
            .post(
                "/v1/chat/completions",
                head + ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"),
        SERVER.http().post("/v1/responses", head + ",\"input\":\"hi\"}"));
  }

  private static String pairs(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"k" + i + "\":\"v\"")
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static void refused(String metadata, String code, String param, String text)
      throws Exception {
    for (HttpResponse<String> answer : post(metadata)) {
      assertEquals(400, answer.statusCode(), answer.body());
      JsonNode error = Json.tree(answer.body().getBytes(StandardCharsets.UTF_8)).path("error");
      assertEquals(code, error.path("code").stringValue(), answer.body());
      assertEquals(param, error.path("param").stringValue(), answer.body());
      assertTrue(error.path("message").stringValue().contains(text), answer.body());
    }
    assertTrue(SERVER.ledger().admissions().isEmpty());
  }

  @Test
  void asMuchAsIsAllowedPasses() throws Exception {
    // a character beyond the first plane is one
    String most = "{\"" + "k".repeat(64) + "\":\"" + "\uD83D\uDE00".repeat(512) + "\"}";
    for (String metadata : List.of(pairs(16), most, "{}", "null")) {
      for (HttpResponse<String> answer : post(metadata)) {
        assertEquals(200, answer.statusCode(), answer.body());
      }
    }
  }

  @Test
  void moreIsRefusedBeforeAnythingIsAdmitted() throws Exception {
    refused(pairs(17), "invalid_value", "metadata", "17 pairs (expected: at most 16)");
    refused(
        "{\"" + "k".repeat(65) + "\":\"v\"}",
        "invalid_value",
        "metadata",
        "a key of 65 characters (expected: at most 64)");
    refused(
        "{\"k\":\"" + "v".repeat(513) + "\"}",
        "invalid_value",
        "metadata.k",
        "513 characters (expected: at most 512)");
    refused("{\"k\":1}", "invalid_type", "metadata.k", "1 (expected: a string)");
    refused("[]", "invalid_type", "metadata", "an array (expected: an object of texts)");
  }
}
