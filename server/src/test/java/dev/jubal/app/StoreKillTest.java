package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.keys.KeyStore;
import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.ledger.LedgerRow;
import dev.jubal.inference.memory.StoredResponse;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.sql.Database;
import dev.jubal.testing.Clients;
import dev.jubal.testing.Http;
import dev.jubal.testing.ServerProcess;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * kill -9 while responses are stored: each is there whole with its settled row, or not at all; one
 * that a client was given is there.
 */
class StoreKillTest {
  private static final int KILLS = Integer.getInteger("jubal.kills", 4);
  private static final int CLIENTS = 6;
  private static final String TEXT = "stored or not ".repeat(500);
  private static final String SCRIPT = "{\"answers\":[{\"steps\":[{\"text\":\"" + TEXT + "\"}]}]}";

  private final Set<String> given = ConcurrentHashMap.newKeySet();
  @TempDir private Path folder = Path.of("");

  private static String key(Path data) {
    try (Database database = Database.open(data)) {
      return new KeyStore(database, InstantSource.system())
          .firstStart()
          .orElseThrow()
          .secret()
          .reveal();
    }
  }

  private boolean asked(Http http) throws InterruptedException {
    try {
      HttpResponse<String> r =
          http.post("/v1/responses", "{\"model\":\"grok-4\",\"input\":\"Hi\"}");
      if (r.statusCode() == 200) {
        given.add(id(r.body()));
      }
      return true;
    } catch (IOException e) {
      return false; // the server was killed: that is what the test is about
    }
  }

  private static String id(String body) {
    return Json.tree(body.getBytes(StandardCharsets.UTF_8)).path("id").stringValue();
  }

  @Test
  void aResponseIsStoredWholeWithItsRowOrNotAtAll() throws Exception {
    Random random = new Random(7);
    Path data = folder.resolve("data");
    Path script = Files.writeString(folder.resolve("script.json"), SCRIPT);
    String key = key(data);
    for (int i = 0; i < KILLS; i++) {
      try (ServerProcess server = ServerProcess.start(data, "--models.script=" + script)) {
        Http http = new Http(server.port(), key);
        int target = given.size() + 1 + random.nextInt(40);
        Clients clients = Clients.start(CLIENTS, _ -> asked(http));
        clients.until("responses are given: " + server.log(), () -> given.size() >= target);
        server.kill();
        clients.end();
      }
    }
    Map<String, String> stored = stored(data);
    assertTrue(stored.keySet().containsAll(given), "what was given is stored");
    try (ServerProcess server = ServerProcess.start(data, "--models.script=" + script)) {
      Http http = new Http(server.port(), key);
      for (String id : stored.keySet()) { // each opens, and holds all of its text
        HttpResponse<String> read = http.get("/v1/responses/" + id);
        assertEquals(200, read.statusCode(), read.body());
        assertTrue(read.body().contains(TEXT), id);
        JsonNode usage = Json.tree(read.body().getBytes(StandardCharsets.UTF_8)).path("usage");
        assertEquals(1, usage.path("output_tokens").intValue(), id);
      }
    }
    settled(data, stored);
  }

  private static Map<String, String> stored(Path data) {
    record Line(String id, String status) {}
    try (Database database = Database.open(data)) {
      return database
          .read(
              s ->
                  s.list(
                      "SELECT id, status FROM stored_response",
                      row -> new Line(row.text("id"), row.text("status"))))
          .stream()
          .collect(java.util.stream.Collectors.toMap(Line::id, Line::status));
    }
  }

  private static void settled(Path data, Map<String, String> stored) {
    try (Database database = Database.open(data)) {
      LedgerReader reader = new LedgerReader(database);
      stored.forEach(
          (id, status) -> {
            assertEquals(StoredResponse.Status.COMPLETED.text(), status, id);
            Optional<LedgerRow> row = reader.find(id);
            LedgerRow.Settled settled = row.orElseThrow().settled().orElseThrow();
            assertFalse(settled.recovered(), id);
            assertEquals(200, settled.settlement().status(), id);
          });
      var sums = reader.sums(Instant.EPOCH, Instant.now().plusSeconds(60));
      assertEquals(0, sums.open());
      // and the other way round: a row that was settled well has its response
      assertEquals(sums.admitted() - sums.recovered(), stored.size());
      long counted =
          database.read(
              s ->
                  s.first("SELECT SUM(responses) AS n FROM stored_team", r -> r.whole("n"))
                      .orElseThrow());
      assertEquals(stored.size(), counted);
      System.out.println(KILLS + " kills, " + stored.size() + " stored, " + sums.recovered());
    }
  }
}
