package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.ledger.LedgerRow;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.DatabaseConfig;
import dev.jubal.testing.Await;
import dev.jubal.testing.Clients;
import dev.jubal.testing.Http;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.Postgres;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 of PostgreSQL under load: the server refuses, comes back by itself, and owes nothing. */
class PostgresOutageTest {
  private static final int CLIENTS = 8;
  private static final int OUTAGES = 2;
  private static final String SCRIPT =
      "{\"answers\":[{\"steps\":[{\"text\":\"a\",\"times\":4,\"every_ms\":3}]}]}";

  @TempDir private Path folder = Path.of("");
  private final Set<String> complete = ConcurrentHashMap.newKeySet();
  private final Set<String> refusals = ConcurrentHashMap.newKeySet();
  private final AtomicInteger refused = new AtomicInteger();

  @Test
  void aCompleteAnswerHasOneSettledRowWhateverHappensToTheDatabase() throws Exception {
    try (Postgres postgres = Postgres.start()) {
      DatabaseConfig config = postgres.empty();
      try (JubalServer server = JubalServer.scripted(SCRIPT, Postgres.flags(config))) {
        Clients clients = Clients.start(CLIENTS, n -> asked(server.http(), n % 2 == 0));
        for (int i = 0; i < OUTAGES; i++) {
          outage(postgres, clients);
        }
        clients.end();
        check(config);
      }
    }
  }

  private void outage(Postgres postgres, Clients clients) throws Exception {
    int before = complete.size();
    clients.until("answers arrive", () -> complete.size() > before + 50);
    int refusedBefore = refused.get();
    postgres.kill();
    clients.until("the server refuses", () -> refused.get() > refusedBefore + CLIENTS / 2);
    postgres.restart();
    int after = complete.size();
    clients.until("answers arrive again", () -> complete.size() > after + 50);
  }

  private boolean asked(Http http, boolean stream) throws Exception {
    String body =
        "{\"model\":\"grok-4\",\"stream\":"
            + stream
            + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    HttpResponse<String> r = http.post("/v1/chat/completions", body);
    boolean whole = !stream || r.body().endsWith("data: [DONE]\n\n");
    if (r.statusCode() == 200 && whole) {
      complete.add(r.headers().firstValue("x-request-id").orElseThrow());
    } else {
      assertTrue(r.statusCode() == 503 || r.statusCode() == 200, r.statusCode() + r.body());
      refusals.add(r.body());
      refused.incrementAndGet();
    }
    return true;
  }

  private void check(DatabaseConfig config) {
    assertTrue(
        refusals.stream().anyMatch(r -> r.contains("The ledger cannot be written")),
        refusals::toString);
    try (Database database = Database.open(folder, config)) {
      LedgerReader reader = new LedgerReader(database);
      Instant end = Instant.now().plusSeconds(86_400);
      Await.until("nothing stays open", () -> reader.sums(Instant.EPOCH, end).open() == 0);
      for (String id : complete) {
        LedgerRow row = reader.find(id).orElseThrow(() -> new AssertionError("no row of " + id));
        LedgerRow.Settled settled = row.settled().orElseThrow();
        assertFalse(settled.recovered(), id);
        assertEquals(200, settled.settlement().status(), id);
        assertEquals(4, settled.settlement().usage().completion(), id);
      }
      var sums = reader.sums(Instant.EPOCH, end);
      System.out.println(
          OUTAGES
              + " outages, "
              + complete.size()
              + " complete answers, "
              + refused
              + " refused, "
              + sums.admitted()
              + " admitted, "
              + sums.recovered()
              + " recovered");
    }
  }
}
