package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.enduser.EndUser;
import dev.jubal.account.enduser.EndUserRule;
import dev.jubal.account.enduser.EndUserRules;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.sql.Database;
import dev.jubal.proto.xai.ChatGrpc;
import dev.jubal.proto.xai.Content;
import dev.jubal.proto.xai.GetCompletionsRequest;
import dev.jubal.proto.xai.Message;
import dev.jubal.proto.xai.MessageRole;
import dev.jubal.testing.Http;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.OpenApiCheck;
import dev.jubal.testing.Rpc;
import dev.jubal.testing.Stores;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What teams ask of the people behind their requests, by HTTP and gRPC, on both databases. */
final class EndUserPolicyTest {
  private static final String SCRIPT = "{\"answers\":[{\"steps\":[{\"text\":\"Hi\"}]}]}";

  @TempDir Path folder;

  private static JsonNode json(HttpResponse<String> answer) {
    assertEquals(200, answer.statusCode(), answer.body());
    return Json.tree(answer.body().getBytes(StandardCharsets.UTF_8));
  }

  /** A server, its first team, and who may change it. */
  private record Place(JubalServer server, Http manager, String team) implements AutoCloseable {
    static Place open(Stores on) throws Exception {
      JubalServer server = JubalServer.scripted(on, SCRIPT);
      String team = json(server.http().get("/v1/me")).path("team_id").stringValue();
      Http manager = server.http(server.managementKey(Optional.empty(), "*"));
      return new Place(server, manager, team);
    }

    /** Sets rules and waits until they hold. */
    void rules(String rules) throws Exception {
      String path = "/auth/teams/" + team + "/end-user-rules";
      json(manager.put(path, "{\"rules\":" + rules + "}"));
    }

    void said(String user, String attributes) throws Exception {
      json(manager.put("/auth/teams/" + team + "/end-users/" + user, attributes));
    }

    HttpResponse<String> chat(String model, String more) throws Exception {
      return server
          .http()
          .post(
              "/v1/chat/completions",
              "{\"model\":\""
                  + model
                  + "\""
                  + more
                  + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
    }

    @Override
    public void close() {
      server.close();
    }
  }

  private static void refused(int status, String text, HttpResponse<String> answer) {
    assertEquals(status, answer.statusCode(), answer.body());
    assertTrue(answer.body().contains(text), answer.body());
  }

  @ParameterizedTest
  @EnumSource
  void whoDoesNotMeetARuleIsToldWhich(Stores on) throws Exception {
    try (Place place = Place.open(on)) {
      place.rules("[{\"require\":\"require_verified_identity\"}]");
      refused(400, "require_verified_identity", place.chat("grok-3", ""));
      refused(400, "\"param\":\"user\"", place.chat("grok-3", ""));
      refused(403, "require_verified_identity", place.chat("grok-3", ",\"user\":\"anna\""));
      place.said("anna", "{\"ageGroup\":\"adult\"}");
      refused(403, "verifiedIdentity", place.chat("grok-3", ",\"user\":\"anna\""));
      place.said("anna", "{\"verifiedIdentity\":{\"method\":\"id-document\"}}");
      assertEquals(200, place.chat("grok-3", ",\"user\":\"anna\"").statusCode());
      assertEquals(200, place.chat("grok-3", ",\"safety_identifier\":\"anna\"").statusCode());
      refused(403, "anna ", place.chat("grok-3", ",\"user\":\"anna \""));
      place.said("anna", "{}");
      refused(403, "require_verified_identity", place.chat("grok-3", ",\"user\":\"anna\""));
      String scrape = place.server.http().get("/metrics").body();
      assertTrue(
          scrape.contains("jubal_enduser_refused_total{rule=\"require_verified_identity\"}"),
          scrape);
    }
  }

  @Test
  void ageAndConsentByModelAndEndpoint() throws Exception {
    try (Place place = Place.open(Stores.SQLITE)) {
      place.rules(
          "[{\"require\":\"minimum_age_group:adult\",\"models\":\"grok-4*\"},"
              + "{\"require\":\"require_consent:training\",\"endpoints\":\"responses\"}]");
      assertEquals(200, place.chat("grok-3", "").statusCode());
      String adults = "grok-4-fast-non-reasoning";
      place.said("teen", "{\"ageGroup\":\"teen\"}");
      place.said("adult", "{\"ageGroup\":\"adult\"}");
      refused(403, "minimum_age_group:adult", place.chat(adults, ",\"user\":\"teen\""));
      refused(403, "minimum_age_group:adult", place.chat(adults, ",\"user\":\"nobody\""));
      assertEquals(200, place.chat(adults, ",\"user\":\"adult\"").statusCode());
      Http http = place.server.http();
      String ask = "{\"model\":\"grok-3\",\"input\":\"Hi\",\"user\":\"adult\"}";
      refused(403, "require_consent:training", http.post("/v1/responses", ask));
      place.said(
          "adult",
          "{\"ageGroup\":\"adult\",\"consents\":[{\"purpose\":\"training\",\"expireTime\":\""
              + JubalServer.START.plusSeconds(60)
              + "\"}]}");
      assertEquals(200, http.post("/v1/responses", ask).statusCode());
      place.server.clock().move(Duration.ofSeconds(60));
      refused(403, "require_consent:training", http.post("/v1/responses", ask));
      JsonNode explained =
          json(
              http.post(
                  "/v1/admission/explain",
                  "{\"model\":\""
                      + adults
                      + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"));
      assertEquals("missing_field", explained.at("/refusal/code").stringValue());
    }
  }

  @Test
  void overGrpcAsOverHttp() throws Exception {
    try (Place place = Place.open(Stores.SQLITE)) {
      place.rules("[{\"require\":\"minimum_age_group:teen\"}]");
      place.said("child", "{\"ageGroup\":\"child\"}");
      place.said("teen", "{\"ageGroup\":\"teen\"}");
      ChatGrpc.ChatBlockingStub chat =
          ChatGrpc.newBlockingStub(Rpc.channel(place.server.port(), place.server.key()));
      assertEquals(Status.Code.INVALID_ARGUMENT, failure(chat, ask()));
      assertEquals(Status.Code.PERMISSION_DENIED, failure(chat, ask().setUser("child")));
      assertEquals(
          Status.Code.PERMISSION_DENIED, failure(chat, ask().setSafetyIdentifier("child")));
      var _ = chat.getCompletion(ask().setSafetyIdentifier("teen").build());
      var _ = chat.getCompletion(ask().setUser("teen").build());
    }
  }

  private static GetCompletionsRequest.Builder ask() {
    return GetCompletionsRequest.newBuilder()
        .setModel("grok-3")
        .addMessages(
            Message.newBuilder()
                .setRole(MessageRole.ROLE_USER)
                .addContent(Content.newBuilder().setText("Hi")));
  }

  private static Status.Code failure(
      ChatGrpc.ChatBlockingStub chat, GetCompletionsRequest.Builder asked) {
    return assertThrows(StatusRuntimeException.class, () -> chat.getCompletion(asked.build()))
        .getStatus()
        .getCode();
  }

  @Test
  void rulesAreReadAndSetByWhoManagesAllTeams() throws Exception {
    try (Place place = Place.open(Stores.SQLITE)) {
      OpenApiCheck openApi = OpenApiCheck.of(place.server.http());
      String path = "/auth/teams/" + place.team + "/end-user-rules";
      String rules =
          "{\"rules\":[{\"require\":\"require_consent:memory\",\"models\":\"grok-*\","
              + "\"endpoints\":\"chat\"},{\"require\":\"require_verified_identity\"}]}";
      HttpResponse<String> set = place.manager.put(path, rules);
      openApi.check("PUT", path, set);
      assertEquals("require_consent:memory", json(set).at("/rules/0/require").stringValue());
      assertEquals("grok-*", json(set).at("/rules/0/models").stringValue());
      assertEquals("*", json(place.manager.get(path)).at("/rules/1/endpoints").stringValue());
      refused(
          400,
          "minimum_age_group:old",
          place.manager.put(path, "{\"rules\":[{\"require\":\"minimum_age_group:old\"}]}"));
      refused(
          400,
          "models",
          place.manager.put(
              path, "{\"rules\":[{\"require\":\"require_verified_identity\",\"models\":\"\"}]}"));
      refused(400, "rules", place.manager.put(path, "{}"));
      Http own = place.server.http(place.server.managementKey(Optional.of(place.team), "teams:*"));
      assertEquals(2, json(own.get(path)).path("rules").size());
      refused(403, "manages one team alone", own.put(path, "{\"rules\":[]}"));
      assertEquals(0, json(place.manager.put(path, "{\"rules\":[]}")).path("rules").size());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "verified",
        "require_verified_identity:x",
        "minimum_age_group",
        "minimum_age_group:unknown",
        "require_consent:",
        "require_consent:A b"
      })
  void whatIsNoRequirement(String text) {
    ApiException refused = assertThrows(ApiException.class, () -> EndUserRule.requirement(text));
    assertTrue(refused.text().contains("require_consent:PURPOSE"), refused.text());
  }

  @ParameterizedTest
  @EnumSource
  void rulesAreKept(Stores on) {
    try (Database database = on.open(folder)) {
      String team = new TeamStore(database).create("t", Optional.empty(), JubalServer.START).id();
      EndUserRules rules = new EndUserRules(database, () -> JubalServer.START);
      List<EndUserRule> two =
          List.of(
              new EndUserRule(new EndUserRule.MinimumAge(EndUser.AgeGroup.TEEN), "*", "chat"),
              new EndUserRule(new EndUserRule.VerifiedIdentity(), "grok-4", "*"));
      assertEquals(two, rules.set(team, List.of(two.get(0), two.get(1), two.get(0))));
      assertEquals(two, rules.list(team));
      assertEquals(List.of(), rules.set(team, List.of()));
    }
  }
}
