package dev.jubal.api.tokenize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.json.Json;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.OpenApiCheck;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class TokenizeTest {
  private static final String PATH = "/v1/tokenize-text";

  @Test
  void theBytesOfTheTokensAreTheText() throws Exception {
    try (JubalServer server =
        JubalServer.scripted("{\"answers\":[{\"steps\":[{\"text\":\"Hi\"}]}]}")) {
      OpenApiCheck openApi = OpenApiCheck.of(server.http());
      HttpResponse<String> answer =
          server.http().post(PATH, "{\"model\":\"grok-4\",\"text\":\"Hello, wörld!\",\"x\":1}");
      assertEquals(200, answer.statusCode(), answer.body());
      openApi.check("POST", PATH, answer);
      assertEquals("x", answer.headers().firstValue("x-jubal-ignored").orElse(""));
      assertTrue(answer.headers().firstValue("x-jubal-backend").orElse("").startsWith("scripted/"));
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (JsonNode token : Json.mapper().readTree(answer.body()).path("token_ids")) {
        token.path("token_bytes").forEach(b -> bytes.write(b.intValue()));
      }
      assertEquals("Hello, wörld!", bytes.toString(StandardCharsets.UTF_8));

      HttpResponse<String> unknown =
          server.http().post(PATH, "{\"model\":\"grok-x\",\"text\":\"a\"}");
      assertEquals(404, unknown.statusCode());
      openApi.check("POST", PATH, unknown);
      assertEquals(400, server.http().post(PATH, "{\"model\":\"grok-4\"}").statusCode());
    }
  }
}
