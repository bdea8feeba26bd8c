package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.keys.Acls;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.ledger.LedgerRow;
import dev.jubal.account.limits.LimitStore;
import dev.jubal.account.limits.Quota;
import dev.jubal.account.limits.Rule;
import dev.jubal.account.limits.Scope;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.sql.Database;
import dev.jubal.testing.Await;
import dev.jubal.testing.Http;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.OpenApiCheck;
import dev.jubal.testing.Stores;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Deferred chat against the whole server: accepted, pending, given once, forgotten. */
@ParameterizedClass
@EnumSource(Stores.class)
class DeferredTest {
  @Parameter private Stores on = Stores.SQLITE;

  private static final String SCRIPT =
      """
      {"answers":[
        {"match":"slow","steps":[{"text":"Late"},{"delay_ms":1500}]},
        {"match":"breaks","steps":[{"text":"So"},{"fail":"broken","message":"It broke."}]},
        {"steps":[{"text":"Hello"},{"text":" there"}]}]}
      """;

  private static String body(String text) {
    return "{\"model\":\"grok-4\",\"deferred\":true,\"messages\":[{\"role\":\"user\",\"content\":\""
        + text
        + "\"}]}";
  }

  private static String id(HttpResponse<String> answer) {
    assertEquals(200, answer.statusCode(), answer.body());
    return Json.tree(answer.body().getBytes(StandardCharsets.UTF_8))
        .path("request_id")
        .stringValue();
  }

  private static String defer(Http http, String text) throws IOException, InterruptedException {
    return id(http.post("/v1/chat/completions", body(text)));
  }

  private static HttpResponse<String> collect(Http http, String id) {
    try {
      return http.get("/v1/chat/deferred-completion/" + id);
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static HttpResponse<String> ended(Http http, String id) {
    Await.until("the work " + id + " ends", () -> collect(http, id).statusCode() != 202);
    return collect(http, id);
  }

  private LedgerRow row(JubalServer server, String id) {
    try (Database database = on.open(server.dataFolder())) {
      return new LedgerReader(database).find(id).orElseThrow();
    }
  }

  @Test
  void anAcceptSaysHowTheCallerStands() throws Exception {
    try (JubalServer server = JubalServer.scripted(on, SCRIPT)) {
      try (Database database = on.open(server.dataFolder())) {
        new LimitStore(database)
            .set(
                LimitStore.Owner.team(new TeamStore(database).named("default").id()),
                new Rule(Scope.MODEL, "*", Quota.REQUESTS_PER_MINUTE, 5));
      }
      HttpResponse<String> accepted = server.http().post("/v1/chat/completions", body("hi"));
      assertEquals(200, accepted.statusCode(), accepted.body());
      assertEquals("5", accepted.headers().firstValue("x-ratelimit-limit-requests").orElse(""));
      assertEquals("4", accepted.headers().firstValue("x-ratelimit-remaining-requests").orElse(""));
      HttpResponse<String> background =
          server
              .http()
              .post("/v1/responses", "{\"model\":\"grok-4\",\"input\":\"hi\",\"background\":true}");
      assertEquals(200, background.statusCode(), background.body());
      assertEquals(
          "3", background.headers().firstValue("x-ratelimit-remaining-requests").orElse(""));
    }
  }

  @Test
  void isAcceptedAtOnceAndGivenForAMinuteToTheSameKeyAlone() throws Exception {
    try (JubalServer server = JubalServer.scripted(on, SCRIPT)) {
      OpenApiCheck described = OpenApiCheck.of(server.http());
      HttpResponse<String> accepted = server.http().post("/v1/chat/completions", body("hi"));
      described.check("POST", "/v1/chat/completions", accepted);
      String id = id(accepted);
      assertEquals(accepted.headers().firstValue("x-request-id").orElseThrow(), id);

      HttpResponse<String> answer = ended(server.http(), id);
      assertEquals(200, answer.statusCode(), answer.body());
      described.check("GET", "/v1/chat/deferred-completion/" + id, answer);
      assertTrue(answer.body().contains("\"content\":\"Hello there\""), answer.body());
      assertTrue(answer.body().contains("chatcmpl-" + id), answer.body());
      assertEquals("scripted/script", answer.headers().firstValue("x-jubal-backend").orElseThrow());

      Http other =
          server.http(
              server.jubal().keys().create("other", Acls.ALL, Optional.empty()).secret().reveal());
      assertEquals(404, collect(other, id).statusCode());
      assertEquals(200, collect(server.http(), id).statusCode());
      server.clock().move(Duration.ofSeconds(61));
      assertEquals(404, collect(server.http(), id).statusCode());

      String metrics = server.http().get("/metrics").body();
      assertTrue(metrics.contains("jubal_first_token_seconds_count{endpoint=\"chat\""), metrics);
      assertTrue(metrics.contains("jubal_last_token_seconds_count{endpoint=\"chat\""), metrics);
      assertTrue(
          metrics.contains("jubal_work_seconds_count{kind=\"deferred\",state=\"done\"} 1"),
          metrics);
      LedgerRow row = row(server, id);
      assertEquals(200, row.settled().orElseThrow().settlement().status());
      assertEquals(2, row.settled().orElseThrow().settlement().usage().completion());
    }
  }

  @Test
  void isKeptForADay() throws Exception {
    try (JubalServer server = JubalServer.scripted(on, SCRIPT)) {
      String kept = defer(server.http(), "hi");
      Await.until("it is settled", () -> row(server, kept).settled().isPresent());
      server.clock().move(Duration.ofHours(23));
      assertEquals(200, collect(server.http(), kept).statusCode());
      String lost = defer(server.http(), "hi");
      Await.until("it is settled", () -> row(server, lost).settled().isPresent());
      server.clock().move(Duration.ofHours(25));
      assertEquals(404, collect(server.http(), lost).statusCode());
    }
  }

  @Test
  void saysHowItFailedAndIsSettledSo() throws Exception {
    try (JubalServer server = JubalServer.scripted(on, SCRIPT)) {
      String id = defer(server.http(), "breaks");
      HttpResponse<String> failed = ended(server.http(), id);
      assertEquals(502, failed.statusCode(), failed.body());
      assertTrue(failed.body().contains("It broke."), failed.body());
      assertEquals(502, row(server, id).settled().orElseThrow().settlement().status());
    }
  }

  @Test
  void isRefusedBeforeItIsAdmittedLikeAnyRequest() throws Exception {
    try (JubalServer server = JubalServer.scripted(on, SCRIPT)) {
      HttpResponse<String> both =
          server
              .http()
              .post(
                  "/v1/chat/completions",
                  body("hi").replace("\"deferred\"", "\"stream\":true,\"deferred\""));
      assertEquals(400, both.statusCode());
      assertTrue(both.body().contains("\"param\":\"deferred\""), both.body());
      HttpResponse<String> unknown =
          server.http().post("/v1/chat/completions", body("hi").replace("grok-4", "nobody"));
      assertEquals(404, unknown.statusCode());
      assertEquals(404, collect(server.http(), "nothing").statusCode());
    }
  }

  @Test
  void aRevokedKeysWorkFailsHonestly() throws Exception {
    try (JubalServer server = JubalServer.scripted(on, SCRIPT, "work.workers", "1")) {
      String blocking = defer(server.http(), "slow");
      var made = server.jubal().keys().create("leaver", Acls.ALL, Optional.empty());
      Http leaver = server.http(made.secret().reveal());
      String id = defer(leaver, "hi");
      var _ = server.jubal().keys().revoke(made.key().id());
      assertEquals(202, collect(server.http(), blocking).statusCode());
      Await.until("it is settled", () -> row(server, id).settled().isPresent());
      assertEquals(401, row(server, id).settled().orElseThrow().settlement().status());
    }
  }
}
