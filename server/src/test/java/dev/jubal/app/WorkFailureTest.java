package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.ledger.LedgerRow;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.Transactions;
import dev.jubal.testing.Await;
import dev.jubal.testing.Http;
import dev.jubal.testing.JubalServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * What goes wrong around deferred work: a busy database, a clock that jumps, a worker that dies.
 */
class WorkFailureTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final Duration SHORT = Duration.ofSeconds(1);

  private static String script(String answers) {
    return "{\"answers\":[" + answers + "]}";
  }

  private static String slow() {
    return "{\"steps\":[{\"text\":\"Hello\"},{\"delay_ms\":1500},{\"text\":\" there\"}]}";
  }

  private static String defer(Http http) throws IOException, InterruptedException {
    HttpResponse<String> accepted =
        http.post(
            CHAT,
            "{\"model\":\"grok-4\",\"deferred\":true,\"messages\":[{\"role\":\"user\","
                + "\"content\":\"hi\"}]}");
    assertEquals(200, accepted.statusCode(), accepted.body());
    return Json.tree(accepted.body().getBytes(StandardCharsets.UTF_8))
        .path("request_id")
        .stringValue();
  }

  private static HttpResponse<String> get(Http http, String path) {
    try {
      return http.get(path);
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static HttpResponse<String> ended(JubalServer server, String id, Duration tick) {
    String path = "/v1/chat/deferred-completion/" + id;
    Await.until(
        "the work ends",
        () -> {
          server.clock().move(tick);
          return get(server.http(), path).statusCode() != 202;
        });
    return get(server.http(), path);
  }

  private static void answeredOnce(JubalServer server, String id, HttpResponse<String> answer) {
    assertEquals(200, answer.statusCode(), answer.body());
    assertTrue(answer.body().contains("Hello there"), answer.body());
    try (Database database = Database.open(server.dataFolder())) {
      LedgerRow.Settled settled =
          new LedgerReader(database).find(id).orElseThrow().settled().orElseThrow();
      assertEquals(200, settled.settlement().status());
      assertEquals(2, settled.settlement().usage().completion());
    }
  }

  @Test
  void aDatabaseThatIsBusyAtTheEndDelaysItAndLosesNothing() throws Exception {
    try (JubalServer server = JubalServer.scripted(script(slow()), "ledger.busy-timeout", "100ms");
        Database database = Database.open(server.dataFolder());
        Connection other = database.connect(Database.Sync.NORMAL, SHORT)) {
      String id = defer(server.http());
      Await.until(
          "it is worked on",
          () -> get(server.http(), "/metrics").body().contains("jubal_work_attempts_total{"));
      Transactions.begin(other, SHORT);
      Await.until(
          "a row was refused",
          () ->
              get(server.http(), "/metrics")
                  .body()
                  .lines()
                  .anyMatch(
                      l -> l.startsWith("jubal_ledger_failures_total") && !l.endsWith(" 0.0")));
      Transactions.rollback(other);
      answeredOnce(server, id, ended(server, id, SHORT));
    }
  }

  @Test
  void aDatabaseThatIsBusyWhileEventsAreStoredDelaysBackgroundWorkAndLosesNothing()
      throws Exception {
    String many = "{\"prompt_tokens\":7,\"steps\":[{\"text\":\"x\",\"times\":60,\"every_ms\":50}]}";
    try (JubalServer server = JubalServer.scripted(script(many), "ledger.busy-timeout", "100ms");
        Database database = Database.open(server.dataFolder());
        Connection other = database.connect(Database.Sync.NORMAL, SHORT)) {
      HttpResponse<String> accepted =
          server
              .http()
              .post("/v1/responses", "{\"model\":\"grok-4\",\"background\":true,\"input\":\"hi\"}");
      assertEquals(200, accepted.statusCode(), accepted.body());
      String id =
          Json.tree(accepted.body().getBytes(StandardCharsets.UTF_8)).path("id").stringValue();
      Await.until("events are stored", () -> events(database, id) > 5);
      Transactions.begin(other, SHORT);
      long before = events(database, id);
      long locked = System.nanoTime();
      Await.until(
          "the writer of events has waited for as long as it does",
          () -> System.nanoTime() - locked > Duration.ofSeconds(6).toNanos());
      assertTrue(events(database, id) - before <= 1, "nothing is written while it is locked");
      Transactions.rollback(other);
      Await.until(
          "the response is complete",
          () -> {
            server.clock().move(SHORT);
            return get(server.http(), "/v1/responses/" + id).body().contains("\"completed\"");
          });
      assertTrue(get(server.http(), "/v1/responses/" + id).body().contains("x".repeat(60)));
      String attempts = "jubal_work_attempts_total{kind=\"background\"} ";
      assertFalse(get(server.http(), "/metrics").body().contains(attempts + "1.0"));
      LedgerRow.Settled settled =
          new LedgerReader(database).find(id).orElseThrow().settled().orElseThrow();
      assertEquals(200, settled.settlement().status());
      assertEquals(7, settled.settlement().usage().prompt());
      assertEquals(60, settled.settlement().usage().completion());
    }
  }

  private static long events(Database database, String id) {
    return database.read(
        s ->
            s.first(
                    "SELECT COUNT(*) AS n FROM work_event WHERE work_id = ?",
                    row -> row.whole("n"),
                    id)
                .orElseThrow());
  }

  @Test
  void aClockThatIsSetBackDelaysNothing() throws Exception {
    try (JubalServer server = JubalServer.scripted(script(slow()))) {
      String first = defer(server.http());
      server.clock().move(Duration.ofHours(-2));
      String second = defer(server.http());
      answeredOnce(server, first, ended(server, first, Duration.ZERO));
      answeredOnce(server, second, ended(server, second, Duration.ZERO));
    }
  }

  @Test
  void aClockThatJumpsAheadTakesNoLivingWorkForDead() throws Exception {
    try (JubalServer server = JubalServer.scripted(script(slow()))) {
      String id = defer(server.http());
      server.clock().move(Duration.ofHours(5));
      answeredOnce(server, id, ended(server, id, Duration.ZERO));
      String metrics = get(server.http(), "/metrics").body();
      assertTrue(
          metrics.contains("jubal_work_attempts_total{kind=\"deferred\"} 1.0"),
          metrics.lines().filter(l -> l.contains("jubal_work")).toList().toString());
    }
  }

  @Test
  void aWorkerThatDiesBeforeItSaidAnythingIsReplaced() throws Exception {
    String dies = "{\"steps\":[{\"fail\":\"broken\",\"message\":\"It died.\"}]}";
    try (JubalServer server = JubalServer.scripted(script(dies + "," + slow()))) {
      String id = defer(server.http());
      answeredOnce(server, id, ended(server, id, Duration.ZERO));
    }
  }

  @Test
  void aFullEngineIsTriedAgainUntilThereIsRoom() throws Exception {
    String full =
        "{\"steps\":[{\"fail\":\"overloaded\",\"message\":\"Full.\",\"retry_after_ms\":1}]}";
    try (JubalServer server = JubalServer.scripted(script(full + "," + full + "," + slow()))) {
      String id = defer(server.http());
      answeredOnce(server, id, ended(server, id, SHORT));
    }
  }
}
