package dev.jubal.api.management;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.json.Json;
import dev.jubal.testing.Await;
import dev.jubal.testing.Http;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.OpenApiCheck;
import dev.jubal.testing.Stores;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManagementTest {
  private final Stores on = on(); // of the class that is run
  private static final String ALL = "[\"api-key:model:*\",\"api-key:endpoint:*\"]";
  private static final String CHAT =
      "{\"model\":\"grok-4-fast-non-reasoning\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";

  private JubalServer server;
  private OpenApiCheck openApi;
  private Http manager;
  private String team;

  /** The database it is tested on. */
  Stores on() {
    return Stores.SQLITE;
  }

  @BeforeAll
  void start() throws Exception {
    server = JubalServer.scripted(on, "{\"answers\":[{\"steps\":[{\"text\":\"Hi\"}]}]}");
    openApi = OpenApiCheck.of(server.http());
    manager = server.http(server.managementKey(Optional.empty(), "*"));
    team = json(server.http().get("/v1/me")).path("team_id").stringValue();
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return Json.mapper().readTree(answer.body());
  }

  private JsonNode ok(String method, String path, HttpResponse<String> answer) {
    assertEquals(200, answer.statusCode(), answer.body());
    openApi.check(method, path, answer);
    return json(answer);
  }

  private JsonNode create(String body) throws Exception {
    String path = "/auth/teams/" + team + "/api-keys";
    return ok("POST", path, manager.post(path, body));
  }

  private JsonNode makeTeam(String name) throws Exception {
    return ok("POST", "/auth/teams", manager.post("/auth/teams", "{\"name\":\"" + name + "\"}"));
  }

  private HttpResponse<String> chat(String key) throws Exception {
    return server.http(key).post("/v1/chat/completions", CHAT + "}");
  }

  private void answersSoon(int status, String key) {
    Await.until(
        "status " + status,
        () -> {
          try {
            return chat(key).statusCode() == status;
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }

  private static void refused(HttpResponse<String> answer, int status, String... parts) {
    assertEquals(status, answer.statusCode(), answer.body());
    for (String part : parts) {
      assertTrue(answer.body().contains(part), answer.body());
    }
  }

  @Test
  void aKeyIsMadeUsedReadAndDeleted() throws Exception {
    JsonNode made =
        create(
            "{\"name\":\"made\",\"acls\":" + ALL + ",\"qps\":5,\"qpm\":\"100\",\"tpm\":\"9000\"}");
    String secret = made.path("apiKey").stringValue();
    assertTrue(secret.matches("xai-[0-9A-Za-z]{80}"));
    assertEquals(5, made.path("qps").intValue());
    assertEquals(100, made.path("qpm").intValue());
    assertEquals("9000", made.path("tpm").stringValue());
    assertEquals(team, made.path("teamId").stringValue());
    assertEquals(200, chat(secret).statusCode());

    HttpResponse<String> self = server.http(secret).get("/v1/api-key");
    openApi.check("GET", "/v1/api-key", self);
    assertEquals(5, json(self).path("qps").intValue());
    assertEquals(9000, json(self).path("tpm").intValue());

    String path = "/auth/api-keys/" + made.path("apiKeyId").stringValue();
    assertEquals(0, ok("DELETE", path, manager.delete(path)).size());
    answersSoon(401, secret);
    refused(manager.delete(path), 404, "There is no API key");
    refused(manager.put(path, "{\"apiKey\":{\"qps\":1},\"fieldMask\":\"qps\"}"), 404);
  }

  @Test
  void aKeyNamedLikeTheIdOfAnotherDoesNotKeepIt() throws Exception {
    String id = create("{\"name\":\"leaked\"}").path("apiKeyId").stringValue();
    String other = makeTeam("namesake").path("teamId").stringValue();
    Http own = server.http(server.managementKey(Optional.of(other), "*"));
    HttpResponse<String> made =
        own.post("/auth/teams/" + other + "/api-keys", "{\"name\":\"" + id + "\"}");
    String path = "/auth/api-keys/" + id;
    ok("DELETE", path, manager.delete(path));
    refused(manager.delete(path), 404);
    String namesake = "/auth/api-keys/" + json(made).path("apiKeyId").stringValue();
    ok("DELETE", namesake, own.delete(namesake));
  }

  @Test
  void theDocumentedCallWorksWithoutAContentType() throws Exception {
    HttpResponse<String> answer =
        manager.send(
            manager
                .request("/auth/teams/" + team + "/api-keys")
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"name\":\"My API key\",\"acls\":" + ALL + ",\"tpm\":null}")));
    assertEquals(200, answer.statusCode(), answer.body());
    assertFalse(json(answer).has("tpm"));
  }

  @Test
  void pagesCoverEveryKeyOnce() throws Exception {
    for (int i = 0; i < 5; i++) {
      create("{\"name\":\"page" + i + "\"}");
    }
    String path = "/auth/teams/" + team + "/api-keys";
    List<String> all = ids(ok("GET", path, manager.get(path)));
    List<String> paged = new ArrayList<>();
    String token = "";
    do {
      JsonNode page = ok("GET", path, manager.get(path + "?pageSize=2&paginationToken=" + token));
      assertTrue(page.path("apiKeys").size() <= 2);
      paged.addAll(ids(page));
      token = page.path("paginationToken").asString("");
    } while (!token.isEmpty());
    assertEquals(all, paged);
    assertFalse(manager.get(path).body().contains("\"apiKey\":"), "a list shows no secret");
    refused(manager.get(path + "?pageSize=0"), 400, "pageSize: \\\"0\\\"", "1 to 100");
    refused(manager.get(path + "?paginationToken=xx"), 400, "paginationToken");
  }

  private static List<String> ids(JsonNode page) {
    List<String> ids = new ArrayList<>();
    page.path("apiKeys").forEach(k -> ids.add(k.path("apiKeyId").stringValue()));
    return ids;
  }

  @Test
  void theMaskSaysWhatChanges() throws Exception {
    JsonNode made = create("{\"name\":\"mask\",\"acls\":" + ALL + ",\"qpm\":7}");
    String path = "/auth/api-keys/" + made.path("apiKeyId").stringValue();
    JsonNode one =
        ok(
            "PUT",
            path,
            manager.put(path, "{\"apiKey\":{\"qps\":\"3\",\"name\":\"x\"},\"fieldMask\":\"qps\"}"));
    assertEquals(3, one.path("qps").intValue());
    assertEquals(7, one.path("qpm").intValue());
    assertEquals("mask", one.path("name").stringValue());
    JsonNode many =
        ok(
            "PUT",
            path,
            manager.put(
                path,
                "{\"apiKey\":{\"name\":\"mask2\",\"disabled\":true,\"acls\":[],\"expireTime\":"
                    + "\"2027-01-01T00:00:00+01:00\",\"apiKeyId\":\"as read\"},"
                    + "\"fieldMask\":\"name, disabled,acls,qps,expireTime\"}"));
    assertEquals("mask2", many.path("name").stringValue());
    assertTrue(many.path("disabled").booleanValue());
    assertEquals(0, many.path("aclStrings").size());
    assertFalse(many.has("qps"), "named and left out: taken away");
    assertEquals("2026-12-31T23:00:00Z", many.path("expireTime").stringValue());
    answersSoon(401, made.path("apiKey").stringValue());
    manager.put(path, "{\"apiKey\":{\"disabled\":false},\"fieldMask\":\"disabled\"}");
    answersSoon(403, made.path("apiKey").stringValue());
  }

  @Test
  void eachWrongFieldIsNamed() throws Exception {
    JsonNode made = create("{\"name\":\"wrong\"}");
    String path = "/auth/api-keys/" + made.path("apiKeyId").stringValue();
    refused(manager.put(path, "{\"apiKey\":{}}"), 400, "fieldMask is missing");
    refused(manager.put(path, "{\"fieldMask\":\"qps\"}"), 400, "apiKey is missing");
    refused(
        manager.put(path, "{\"apiKey\":{},\"fieldMask\":\"owner\"}"),
        400,
        "fieldMask: \\\"owner\\\"");
    refused(manager.put(path, "{\"apiKey\":{},\"fieldMask\":\"name\"}"), 400, "apiKey.name");
    refused(manager.put(path, "{\"apiKey\":{\"qq\":1},\"fieldMask\":\"qps\"}"), 400, "apiKey.qq");
    refused(manager.put(path, "{\"apiKey\":{\"qps\":0},\"fieldMask\":\"qps\"}"), 400, "qps: 0");
    refused(manager.put(path, "{\"apiKey\":{\"qps\":\"x\"},\"fieldMask\":\"qps\"}"), 400, "qps");
    refused(
        manager.put(path, "{\"apiKey\":{\"acls\":[\"chat\"]},\"fieldMask\":\"acls\"}"),
        400,
        "acls: \\\"chat\\\"");
    refused(
        manager.put(path, "{\"apiKey\":{\"expireTime\":\"soon\"},\"fieldMask\":\"expireTime\"}"),
        400,
        "apiKey.expireTime: \\\"soon\\\"",
        "RFC 3339");
    refused(
        manager.put(
            path,
            "{\"apiKey\":{\"expireTime\":\"2020-01-01T00:00:00Z\"},\"fieldMask\":\"expireTime\"}"),
        400,
        "a time to come");
    refused(
        manager.put(path, "{\"apiKey\":{\"projectId\":\"none\"},\"fieldMask\":\"projectId\"}"),
        400,
        "projectId: none");
    String keys = "/auth/teams/" + team + "/api-keys";
    refused(manager.post(keys, "{}"), 400, "name is missing");
    refused(manager.post(keys, "{\"name\":\"a\",\"acl\":[]}"), 400, "acl: there is no such field");
    refused(manager.post(keys, "{\"name\":\"wrong\"}"), 409, "There is a key");
    refused(manager.post(keys, "{\"name\":\"a\",\"userId\":\"x\"}"), 400, "userId: x");
    refused(manager.post("/auth/teams/nowhere/api-keys", "{\"name\":\"a\"}"), 404, "nowhere");
  }

  @Test
  void numbersAndTimesThatNoColumnHoldsAreNamed() throws Exception {
    String keys = "/auth/teams/" + team + "/api-keys";
    String path =
        "/auth/api-keys/" + create("{\"name\":\"beyond\"}").path("apiKeyId").stringValue();
    String digits = "9".repeat(400);
    for (String number :
        List.of("1e30", "1e400", "99999999999999999999", digits, "\"" + digits + "\"")) {
      for (String limit : List.of("qps", "qpm", "tpm")) {
        String given = "{\"name\":\"b\",\"" + limit + "\":" + number + "}";
        refused(manager.post(keys, given), 400, limit);
        refused(
            manager.put(path, "{\"apiKey\":" + given + ",\"fieldMask\":\"" + limit + "\"}"),
            400,
            "apiKey." + limit);
      }
    }
    String person = "/auth/teams/" + team + "/end-users/beyond";
    for (String time : List.of("+999999-01-01T00:00:00Z", "-0001-01-01T00:00:00Z")) {
      String expires = "\"expireTime\":\"" + time + "\"";
      refused(manager.post(keys, "{\"name\":\"b\"," + expires + "}"), 400, "expireTime", time);
      refused(
          manager.put(path, "{\"apiKey\":{" + expires + "},\"fieldMask\":\"expireTime\"}"),
          400,
          "apiKey.expireTime");
      refused(
          manager.put(person, "{\"consents\":[{\"purpose\":\"a\"," + expires + "}]}"),
          400,
          "consents[0].expireTime");
      refused(
          manager.put(
              person, "{\"consents\":[{\"purpose\":\"a\",\"grantTime\":\"" + time + "\"}]}"),
          400,
          "consents[0].grantTime");
      refused(
          manager.put(
              person, "{\"verifiedIdentity\":{\"method\":\"id\",\"verifyTime\":\"" + time + "\"}}"),
          400,
          "verifiedIdentity.verifyTime");
    }
  }

  @Test
  void aRotationNeedsNoDownTime() throws Exception {
    JsonNode made = create("{\"name\":\"rotate\",\"acls\":" + ALL + "}");
    String old = made.path("apiKey").stringValue();
    String id = made.path("apiKeyId").stringValue();
    String path = "/auth/api-keys/" + id + "/rotate";
    JsonNode second = ok("POST", path, manager.send(post(path + "?gracePeriod=1h")));
    String fresh = second.path("apiKey").stringValue();
    assertNotEquals(old, fresh);
    assertEquals(id, second.path("apiKeyId").stringValue());
    assertEquals(200, chat(old).statusCode());
    assertEquals(200, chat(fresh).statusCode());
    server.clock().move(Duration.ofHours(1));
    refused(chat(old), 401, "was rotated");
    assertEquals(200, chat(fresh).statusCode());

    JsonNode third = ok("POST", path, manager.send(post(path)));
    answersSoon(401, fresh);
    assertEquals(200, chat(third.path("apiKey").stringValue()).statusCode());
    refused(manager.send(post(path + "?gracePeriod=soon")), 400, "gracePeriod");
    refused(manager.send(post(path + "?gracePeriod=31d")), 400, "30d");
  }

  private HttpRequest.Builder post(String path) {
    return manager.request(path).POST(HttpRequest.BodyPublishers.noBody());
  }

  @Test
  void propagationIsSaidHonestly() throws Exception {
    String id = create("{\"name\":\"news\"}").path("apiKeyId").stringValue();
    String path = "/auth/api-keys/" + id + "/propagation";
    assertFalse(ok("GET", path, manager.get(path)).at("/icPropagation/self").booleanValue());
    server.clock().move(Duration.ofMillis(500));
    assertTrue(ok("GET", path, manager.get(path)).at("/icPropagation/self").booleanValue());
  }

  @Test
  void rowsMayNameWhatIsThere() throws Exception {
    String models = "/auth/teams/" + team + "/models";
    assertTrue(
        ok("GET", models, manager.get(models)).toString().contains("api-key:model:grok-4-fast"));
    String endpoints = "/auth/teams/" + team + "/endpoints";
    String rows = ok("GET", endpoints, manager.get(endpoints)).toString();
    assertTrue(rows.contains("api-key:endpoint:*") && rows.contains("api-key:endpoint:chat"), rows);
    assertFalse(rows.contains(":me\""), "needs no row");
    String path = "/auth/management-keys/validation";
    Http bare = server.http(server.managementKey(Optional.of(team)));
    JsonNode self = ok("GET", path, bare.get(path));
    assertEquals("SCOPE_TEAM", self.path("scope").stringValue());
    assertEquals(team, self.path("scopeId").stringValue());
    assertTrue(self.path("redactedApiKey").stringValue().startsWith("xai-token-..."));
  }

  @Test
  void aTeamSeesOnlyItself() throws Exception {
    String other = makeTeam("apart").path("teamId").stringValue();
    Http own = server.http(server.managementKey(Optional.of(other), "*"));
    JsonNode teams = ok("GET", "/auth/teams", own.get("/auth/teams"));
    assertEquals(1, teams.path("teams").size());
    assertEquals(other, teams.at("/teams/0/teamId").stringValue());
    String foreign = create("{\"name\":\"foreign\"}").path("apiKeyId").stringValue();
    String user = json(server.http().get("/v1/me")).path("user_id").stringValue();
    String unknown = own.get("/auth/teams/nowhere/api-keys").body();
    for (String what : List.of("api-keys", "models", "endpoints", "users", "projects")) {
      HttpResponse<String> answer = own.get("/auth/teams/" + team + "/" + what);
      refused(answer, 404);
      assertEquals(unknown.replace("nowhere", team), answer.body(), "existence is not told");
    }
    refused(own.delete("/auth/api-keys/" + foreign), 404);
    refused(own.put("/auth/api-keys/" + foreign, "{}"), 404);
    refused(own.get("/auth/api-keys/" + foreign + "/propagation"), 404);
    String rotate = "/auth/api-keys/" + foreign + "/rotate";
    refused(own.send(own.request(rotate).POST(HttpRequest.BodyPublishers.noBody())), 404);
    refused(own.put("/auth/users/" + user, "{\"disabled\":true}"), 404);
    refused(own.get("/auth/teams/" + team + "/end-users/x"), 404);
    refused(own.post("/auth/teams", "{\"name\":\"mine\"}"), 403, "one team alone");
    refused(own.put("/auth/teams/" + other, "{\"blocked\":false}"), 403, "one team alone");
    HttpResponse<String> made =
        own.post("/auth/teams/" + other + "/api-keys", "{\"name\":\"own\",\"acls\":" + ALL + "}");
    assertEquals(other, json(made).path("teamId").stringValue());
    assertTrue(manager.get("/auth/teams").body().contains(team), "one of all teams sees all");
  }

  @Test
  void aBlockedTeamIsToldSoAndDoesNothingElse() throws Exception {
    String id = makeTeam("blocked").path("teamId").stringValue();
    String keys = "/auth/teams/" + id + "/api-keys";
    String secret =
        json(manager.post(keys, "{\"name\":\"k\",\"acls\":" + ALL + "}"))
            .path("apiKey")
            .stringValue();
    assertEquals(200, chat(secret).statusCode());
    String path = "/auth/teams/" + id;
    assertTrue(
        ok("PUT", path, manager.put(path, "{\"blocked\":true,\"name\":\"stopped\"}"))
            .path("blocked")
            .booleanValue());
    answersSoon(403, secret);
    JsonNode self = json(server.http(secret).get("/v1/api-key"));
    assertTrue(self.path("team_blocked").booleanValue());
    assertTrue(json(server.http(secret).get("/v1/me")).path("team_blocked").booleanValue());
    manager.put(path, "{\"blocked\":false}");
    answersSoon(200, secret);
  }

  @Test
  void usersAndProjects() throws Exception {
    String users = "/auth/teams/" + team + "/users";
    String user =
        ok("POST", users, manager.post(users, "{\"name\":\"ann\"}")).path("userId").stringValue();
    assertTrue(ok("GET", users, manager.get(users)).toString().contains(user));
    refused(manager.post(users, "{\"name\":\"ann\"}"), 409);
    String projects = "/auth/teams/" + team + "/projects";
    JsonNode project =
        ok(
            "POST",
            projects,
            manager.post(projects, "{\"name\":\"shop\",\"environment\":\"prod\"}"));
    assertTrue(ok("GET", projects, manager.get(projects)).toString().contains("shop"));
    refused(
        manager.post(projects, "{\"name\":\"x\",\"environment\":\"test\"}"), 400, "environment");
    String part = project.path("projectId").stringValue();
    JsonNode key =
        create(
            "{\"name\":\"of-ann\",\"acls\":"
                + ALL
                + ",\"userId\":\""
                + user
                + "\",\"projectId\":\""
                + part
                + "\"}");
    assertEquals(user, key.path("userId").stringValue());
    assertEquals(part, key.path("projectId").stringValue());
    String secret = key.path("apiKey").stringValue();
    assertEquals(
        part, json(server.http(secret).get("/v1/api-key")).path("project_id").stringValue());
    String path = "/auth/users/" + user;
    ok("PUT", path, manager.put(path, "{\"disabled\":true}"));
    answersSoon(401, secret);
    assertTrue(chat(secret).body().contains("disabled user"));
    ok("PUT", path, manager.put(path, "{\"disabled\":false,\"name\":\"anna\"}"));
    answersSoon(200, secret);
  }

  @Test
  void whatIsSaidOfAnEndUserIsKept() throws Exception {
    String path = "/auth/teams/" + team + "/end-users/customer/7";
    refused(manager.get(path), 404);
    ok(
        "PUT",
        path,
        manager.put(
            path,
            "{\"ageGroup\":\"adult\",\"verifiedIdentity\":{\"method\":\"id-document\"},"
                + "\"consents\":[{\"purpose\":\"training\"},{\"purpose\":\"memory\","
                + "\"expireTime\":\"2027-06-01T00:00:00Z\"}]}"));
    JsonNode said = ok("GET", path, manager.get(path));
    assertEquals("customer/7", said.path("endUserId").stringValue());
    assertEquals("adult", said.path("ageGroup").stringValue());
    assertEquals("id-document", said.at("/verifiedIdentity/method").stringValue());
    assertEquals("memory", said.at("/consents/0/purpose").stringValue());
    assertEquals("2027-06-01T00:00:00Z", said.at("/consents/0/expireTime").stringValue());
    ok("PUT", path, manager.put(path, "{}"));
    assertEquals("unknown", json(manager.get(path)).path("ageGroup").stringValue());
    assertEquals(0, json(manager.get(path)).path("consents").size());
    refused(manager.put(path, "{\"ageGroup\":\"old\"}"), 400, "ageGroup");
    refused(manager.put(path, "{\"consents\":[{\"purpose\":\"A b\"}]}"), 400, "A b");
    refused(
        manager.put(path, "{\"consents\":[{\"purpose\":\"a\"},{\"purpose\":\"a\"}]}"),
        400,
        "twice");
  }

  @Test
  void rowsAboutToolsHold() throws Exception {
    String rows = "[\"api-key:model:*\",\"api-key:endpoint:*\",\"api-key:tool:lookup\"]";
    String secret =
        create("{\"name\":\"tools\",\"acls\":" + rows + "}").path("apiKey").stringValue();
    String tool = ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"%s\"}}]}";
    Http http = server.http(secret);
    HttpResponse<String> named = http.post("/v1/chat/completions", CHAT + tool.formatted("lookup"));
    assertEquals(200, named.statusCode(), named.body());
    refused(
        http.post("/v1/chat/completions", CHAT + tool.formatted("delete_all")),
        403,
        "api-key:tool:delete_all");
    assertEquals(200, chat(server.key()).statusCode());
  }

  @Test
  void metricsCountKeysAndRefusals() throws Exception {
    refused(server.http("xai-nobody-knows-this").get("/v1/me"), 401);
    refused(server.http().get("/auth/teams"), 403, "is an API key");
    String scrape = server.http().get("/metrics").body();
    assertTrue(scrape.contains("jubal_keys{state=\"valid\"}"), scrape);
    assertTrue(scrape.contains("jubal_callers_refused_total{reason=\"other_kind\"} "), scrape);
    assertFalse(scrape.contains("jubal_callers_refused_total{reason=\"unknown\"} 0.0"), scrape);
  }
}
