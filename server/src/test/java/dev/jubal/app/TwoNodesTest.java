package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.keys.Acls;
import dev.jubal.account.keys.KeyStore;
import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.ledger.LedgerRow;
import dev.jubal.account.management.ManagementStore;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.DatabaseConfig;
import dev.jubal.testing.Await;
import dev.jubal.testing.Clients;
import dev.jubal.testing.Http;
import dev.jubal.testing.MasterKey;
import dev.jubal.testing.Postgres;
import dev.jubal.testing.ServerProcess;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two servers on one PostgreSQL, one of which is killed under load and during deferred work. */
class TwoNodesTest {
  private static final int CLIENTS = 6;
  private static final int TOKENS = 40;
  private static final String SCRIPT =
      "{\"answers\":[{\"prompt_tokens\":7,\"steps\":[{\"text\":\"x\",\"times\":"
          + TOKENS
          + ",\"every_ms\":10}]}]}";
  private static final String CHAT = "/v1/chat/completions";

  @TempDir private Path folder = Path.of("");
  private final Set<String> complete = ConcurrentHashMap.newKeySet();

  private ServerProcess start(String name, DatabaseConfig config) throws IOException {
    return ServerProcess.start(
        folder.resolve(name),
        config,
        "--models.script=" + folder.resolve("script.json"),
        "--crypto.master-key-file=" + folder.resolve("master.key"));
  }

  private static DatabaseConfig impatient(DatabaseConfig config) {
    return new DatabaseConfig(
        config.url(), config.user(), config.password(), 4, Duration.ofSeconds(10));
  }

  @Test
  void whatOneNodeLeftTheOtherEnds() throws Exception {
    Files.writeString(folder.resolve("script.json"), SCRIPT);
    MasterKey.in(folder);
    DatabaseConfig config = impatient(Postgres.shared().migrated());
    try (Database database = Database.open(folder.resolve("look"), config);
        ServerProcess a = start("a", config);
        ServerProcess b = start("b", config)) {
      String secret =
          new KeyStore(database, InstantSource.system())
              .create("load", Acls.ALL, Optional.empty())
              .secret()
              .reveal();
      Http onA = new Http(a.port(), secret);
      Http onB = new Http(b.port(), secret);
      LedgerReader reader = new LedgerReader(database);
      bothKnowKeys(database, onA, a.port());
      Clients killed = Clients.start(CLIENTS, _ -> untilItsEnd(onA));
      Clients clients = Clients.start(CLIENTS, _ -> asked(onB));
      clients.until(
          Duration.ofSeconds(40), "answers: " + a.log() + b.log(), () -> complete.size() > 20);
      String deferred = defer(onA);
      a.kill();
      int atTheKill = complete.size();
      clients.until(
          Duration.ofSeconds(40), "b answers: " + b.log(), () -> complete.size() > atTheKill + 30);
      clients.until(
          Duration.ofSeconds(90), "b ends the deferred work", () -> collected(onB, deferred));
      killed.end();
      clients.end();
      Await.until(
          Duration.ofSeconds(60), "nothing stays open: " + b.log(), () -> open(reader) == 0);
      checkRows(reader, deferred);
    }
  }

  /** A change of a key is said to hold on both. */
  private static void bothKnowKeys(Database database, Http http, int port)
      throws IOException, InterruptedException {
    String key =
        Json.tree(http.get("/v1/api-key").body().getBytes(StandardCharsets.UTF_8))
            .path("api_key_id")
            .stringValue();
    Http manager =
        new Http(
            port,
            new ManagementStore(database, InstantSource.system())
                .create("look", Optional.empty(), List.of("*"), Optional.empty())
                .secret()
                .reveal());
    HttpResponse<String> said = manager.get("/auth/api-keys/" + key + "/propagation");
    assertEquals(200, said.statusCode(), said.body());
    assertEquals(
        2,
        Json.tree(said.body().getBytes(StandardCharsets.UTF_8)).path("icPropagation").size(),
        said.body());
  }

  private boolean asked(Http http) throws IOException, InterruptedException {
    String body = "{\"model\":\"grok-4\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    HttpResponse<String> r = http.post(CHAT, body);
    assertEquals(200, r.statusCode(), r.body());
    complete.add(r.headers().firstValue("x-request-id").orElseThrow());
    return true;
  }

  private boolean untilItsEnd(Http http) throws InterruptedException {
    try {
      return asked(http);
    } catch (IOException killed) {
      return false;
    }
  }

  private static String defer(Http http) throws IOException, InterruptedException {
    HttpResponse<String> accepted =
        http.post(
            CHAT,
            "{\"model\":\"grok-4\",\"deferred\":true,\"messages\":"
                + "[{\"role\":\"user\",\"content\":\"Hi\"}]}");
    assertEquals(200, accepted.statusCode(), accepted.body());
    return Json.tree(accepted.body().getBytes(StandardCharsets.UTF_8))
        .path("request_id")
        .stringValue();
  }

  private static boolean collected(Http http, String id) {
    try {
      HttpResponse<String> r = http.get("/v1/chat/deferred-completion/" + id);
      assertTrue(r.statusCode() == 200 || r.statusCode() == 202, r.body());
      return r.statusCode() == 200;
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static long open(LedgerReader reader) {
    return reader.sums(Instant.EPOCH, Instant.now().plusSeconds(60)).open();
  }

  private void checkRows(LedgerReader reader, String deferred) {
    complete.add(deferred);
    for (String id : complete) {
      LedgerRow row = reader.find(id).orElseThrow(() -> new AssertionError("no row of " + id));
      LedgerRow.Settled settled = row.settled().orElseThrow();
      assertFalse(settled.recovered(), id);
      assertEquals(200, settled.settlement().status(), id);
      assertEquals(TOKENS, settled.settlement().usage().completion(), id);
    }
    var sums = reader.sums(Instant.EPOCH, Instant.now().plusSeconds(60));
    System.out.println(
        "two nodes, one killed: "
            + complete.size()
            + " complete answers, "
            + sums.admitted()
            + " admitted, "
            + sums.recovered()
            + " recovered");
  }
}
