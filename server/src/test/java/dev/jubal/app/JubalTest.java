package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.json.Json;
import dev.jubal.testing.JubalServer;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The product put together: a key, a request, an answer. */
class JubalTest {
  private static final String SCRIPT =
      "{\"answers\":[{\"prompt_tokens\":7,\"steps\":[{\"text\":\"Hello\"},{\"text\":\""
          + " there\"}]}]}";
  private static final String CHAT =
      "{\"model\":\"grok-4\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  @Test
  void aChatIsAnsweredUnderItsCatalogueName() throws Exception {
    try (JubalServer server = JubalServer.scripted(SCRIPT)) {
      HttpResponse<String> r = server.http().post("/v1/chat/completions", CHAT);
      assertEquals(200, r.statusCode(), r.body());
      JsonNode body = Json.mapper().readTree(r.body());
      assertEquals("Hello there", body.at("/choices/0/message/content").stringValue());
      assertEquals("grok-4", body.at("/model").stringValue());
      // 7 prompt tokens at $3.00 and 2 completion tokens at $15.00 a million
      assertEquals(7 * 30_000 + 2 * 150_000, body.at("/usage/cost_in_usd_ticks").longValue());
      assertTrue(r.headers().firstValue("x-jubal-backend").orElseThrow().startsWith("scripted/"));
    }
  }

  @Test
  void withoutAKeyNothingIsAnswered() throws Exception {
    try (JubalServer server = JubalServer.scripted(SCRIPT)) {
      HttpResponse<String> r = server.http("").post("/v1/chat/completions", CHAT);
      assertEquals(401, r.statusCode());
      JsonNode error = Json.mapper().readTree(r.body()).at("/error");
      assertEquals("invalid_api_key", error.at("/code").stringValue());
      assertEquals("invalid_request_error", error.at("/type").stringValue());
    }
  }

  @Test
  void closingAgainAfterADrainDoesNothing() {
    try (JubalServer server = JubalServer.scripted(SCRIPT)) {
      assertTimeoutPreemptively(
          Duration.ofSeconds(30),
          () -> {
            server.jubal().drain();
            server.jubal().close();
          });
    }
  }
}
