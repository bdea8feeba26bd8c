package dev.jubal.api.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.json.Json;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.OpenApiCheck;
import java.net.http.HttpResponse;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class AccountTest {
  @Test
  void aKeyIsToldAboutItselfButNeverItsSecret() throws Exception {
    try (JubalServer server =
        JubalServer.scripted("{\"answers\":[{\"steps\":[{\"text\":\"Hi\"}]}]}")) {
      OpenApiCheck openApi = OpenApiCheck.of(server.http());
      HttpResponse<String> key = server.http().get("/v1/api-key");
      HttpResponse<String> me = server.http().get("/v1/me");
      assertEquals(200, key.statusCode(), key.body());
      openApi.check("GET", "/v1/api-key", key);
      openApi.check("GET", "/v1/me", me);
      assertFalse(key.body().contains(server.key()));
      assertFalse(me.body().contains(server.key()));

      JsonNode row = Json.mapper().readTree(key.body());
      assertTrue(row.path("redacted_api_key").stringValue().startsWith("xai-..."));
      assertEquals(JubalServer.START, Instant.parse(row.path("create_time").stringValue()));
      assertTrue(row.path("acls").toString().contains("api-key:model:*"));
      assertFalse(row.path("team_blocked").booleanValue());
      assertFalse(row.path("api_key_disabled").booleanValue());
      JsonNode who = Json.mapper().readTree(me.body());
      assertEquals(row.path("user_id"), who.path("user_id"));
      assertEquals(row.path("team_id"), who.path("team_id"));
      assertEquals(row.path("api_key_id"), who.at("/api_key/api_key_id"));

      assertEquals(401, server.http("").get("/v1/me").statusCode());
    }
  }
}
