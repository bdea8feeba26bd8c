package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.keys.KeyStore;
import dev.jubal.account.ledger.LedgerConfig;
import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.ledger.LedgerRow;
import dev.jubal.account.ledger.SqlLedger;
import dev.jubal.platform.sql.Database;
import dev.jubal.testing.Clients;
import dev.jubal.testing.Http;
import dev.jubal.testing.ServerProcess;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 under load: whoever received a complete answer has exactly one settled row, and nothing
 * stays open. {@code ./jubal test kills} raises the number of kills to 100.
 */
class KillTest {
  private static final int KILLS = Integer.getInteger("jubal.kills", 8);
  private static final int CLIENTS = 8;
  private static final String SCRIPT =
      "{\"answers\":[{\"steps\":[{\"text\":\"a\",\"times\":4,\"every_ms\":1}]}]}";

  private final Set<String> complete = ConcurrentHashMap.newKeySet();
  @TempDir private Path folder = Path.of("");

  @Test
  void aCompleteAnswerHasExactlyOneSettledRowAfterAnyNumberOfKills() throws Exception {
    long seed = System.nanoTime();
    System.out.println("KillTest seed " + seed);
    Random random = new Random(seed);
    Path data = folder.resolve("data");
    Path script = Files.writeString(folder.resolve("script.json"), SCRIPT);
    String key = key(data);
    for (int i = 0; i < KILLS; i++) {
      try (ServerProcess server = ServerProcess.start(data, "--models.script=" + script)) {
        Http http = new Http(server.port(), key);
        int target = complete.size() + 1 + random.nextInt(60);
        Clients clients = Clients.start(CLIENTS, n -> asked(http, n % 2 == 0));
        clients.until("answers arrive: " + server.log(), () -> complete.size() >= target);
        server.kill();
        clients.end();
      }
    }
    check(data);
  }

  private static String key(Path data) {
    try (Database database = Database.open(data)) {
      return new KeyStore(database, InstantSource.system())
          .create("load", List.of("api-key:model:*", "api-key:endpoint:*"), Optional.empty())
          .secret()
          .reveal();
    }
  }

  private boolean asked(Http http, boolean stream) throws InterruptedException {
    String body =
        "{\"model\":\"grok-4\",\"stream\":"
            + stream
            + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    try {
      HttpResponse<String> r = http.post("/v1/chat/completions", body);
      boolean whole = !stream || r.body().endsWith("data: [DONE]\n\n");
      if (r.statusCode() == 200 && whole) {
        complete.add(r.headers().firstValue("x-request-id").orElseThrow());
      }
      return true;
    } catch (IOException e) {
      return false; // the server was killed: that is what the test is about
    }
  }

  private void check(Path data) {
    try (Database database = Database.open(data);
        SqlLedger recovered =
            SqlLedger.open(database, LedgerConfig.STANDARD, InstantSource.system())) {
      assertEquals(0, recovered.counters().failures());
      LedgerReader reader = new LedgerReader(database);
      for (String id : complete) {
        LedgerRow row = reader.find(id).orElseThrow(() -> new AssertionError("no row of " + id));
        LedgerRow.Settled settled = row.settled().orElseThrow();
        assertFalse(settled.recovered(), id);
        assertEquals(200, settled.settlement().status(), id);
        assertEquals(4, settled.settlement().usage().completion(), id);
      }
      var sums = reader.sums(Instant.EPOCH, Instant.now().plusSeconds(60));
      assertEquals(0, sums.open());
      assertTrue(sums.admitted() >= complete.size());
      System.out.println(
          KILLS
              + " kills, "
              + complete.size()
              + " complete answers, "
              + sums.admitted()
              + " admitted, "
              + sums.recovered()
              + " recovered");
    }
  }
}
