package dev.jubal.api.messages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.json.Json;
import dev.jubal.testing.Http;
import dev.jubal.testing.JubalServer;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The errors of the whole server on the routes of the Anthropic API, and its keys. */
class AnthropicErrorsTest {
  private static final JubalServer SERVER =
      JubalServer.scripted(
          "{\"answers\":[{\"steps\":[{\"text\":\"Hi.\"}]}]}", "server.body-limit", "5000");
  private static final String BODY =
      "{\"model\":\"grok-4\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @Test
  void bothHeadersCarryAKey() throws Exception {
    Http nobody = SERVER.http("");
    assertEquals(200, post(nobody.request("/v1/messages").header("x-api-key", SERVER.key())));
    assertEquals(200, post(SERVER.http().request("/v1/messages")));
  }

  private static int post(HttpRequest.Builder request) throws Exception {
    return SERVER
        .http()
        .send(
            request
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(BODY)))
        .statusCode();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/messages", "/v1/messages/count_tokens", "/v1/complete"})
  void aMissingAndAWrongKey(String path) throws Exception {
    check(SERVER.http("").post(path, BODY), 401, "authentication_error", "No API key");
    check(SERVER.http("xai-wrong").post(path, BODY), 401, "authentication_error", "Incorrect");
  }

  @Test
  void aKeyWithoutTheRow() throws Exception {
    String key =
        SERVER
            .jubal()
            .keys()
            .create(
                "chat-only",
                List.of("api-key:endpoint:chat", "api-key:model:*"),
                java.util.Optional.empty())
            .secret()
            .reveal();
    check(
        SERVER.http(key).post("/v1/messages", BODY),
        403,
        "permission_error",
        "api-key:endpoint:messages");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/messages/batches|404|not_found_error",
        "/v1/complete/x|404|not_found_error",
        "/v1/messages|400|invalid_request_error",
      })
  void aWrongAddressOrBody(String path, int status, String type) throws Exception {
    check(SERVER.http().post(path, "{"), status, type, "");
  }

  @Test
  void aWrongMethodTypeOrSize() throws Exception {
    check(SERVER.http().get("/v1/messages"), 405, "invalid_request_error", "was called by GET");
    HttpRequest.Builder bare =
        SERVER.http().request("/v1/messages").POST(HttpRequest.BodyPublishers.ofString(BODY));
    check(SERVER.http().send(bare), 415, "invalid_request_error", "Content-Type");
    String large = BODY.replace("Hi", "x".repeat(6000));
    check(SERVER.http().post("/v1/messages", large), 413, "request_too_large", "at most 5000");
  }

  @Test
  void anUnknownModel() throws Exception {
    check(
        SERVER.http().post("/v1/messages", BODY.replace("grok-4", "gronk")),
        404,
        "not_found_error",
        "gronk");
  }

  @Test
  void otherRoutesKeepTheirForm() throws Exception {
    for (String path : List.of("/v1/messagesx", "/v1/chat/completions", "/v1/completed")) {
      HttpResponse<String> answer = SERVER.http().post(path, "{");
      assertTrue(answer.body().startsWith("{\"error\":{\"message\""), answer.body());
      assertFalse(answer.headers().firstValue("request-id").isPresent());
    }
  }

  private static void check(HttpResponse<String> answer, int status, String type, String message) {
    assertEquals(status, answer.statusCode(), answer.body());
    JsonNode error = Json.tree(answer.body().getBytes(StandardCharsets.UTF_8));
    assertEquals("error", error.get("type").stringValue());
    assertEquals(type, error.get("error").get("type").stringValue());
    assertTrue(error.get("error").get("message").stringValue().contains(message), answer.body());
    String id = answer.headers().firstValue("request-id").orElseThrow();
    assertEquals(id, error.get("request_id").stringValue());
    assertEquals(id, answer.headers().firstValue("x-request-id").orElseThrow());
  }
}
