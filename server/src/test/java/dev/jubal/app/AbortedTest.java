package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.budget.Credits;
import dev.jubal.account.ledger.LedgerCorrections;
import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.ledger.LedgerRow;
import dev.jubal.account.ledger.Settlement;
import dev.jubal.platform.sql.Database;
import dev.jubal.testing.Await;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.Stores;
import dev.jubal.testing.WholeLedger;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A stream that its client left is paid for what was made of it; nothing is estimated. */
final class AbortedTest {
  private static final int DELTAS = 400;
  private static final String SCRIPT =
      "{\"answers\":[{\"prompt_tokens\":7,\"cached_tokens\":2,\"steps\":[{\"text\":\"x\",\"times\":"
          + DELTAS
          + ",\"every_ms\":20}]}]}";

  private static int read(JubalServer server, int deltas) throws Exception {
    String body =
        "{\"model\":\"grok-4\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}";
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      client
          .getOutputStream()
          .write(
              ("POST /v1/chat/completions HTTP/1.1\r\nhost: jubal\r\nauthorization: Bearer "
                      + server.key()
                      + "\r\ncontent-type: application/json\r\ncontent-length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
                  .getBytes(StandardCharsets.US_ASCII));
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
      int seen = 0;
      while (seen < deltas) {
        String line = in.readLine();
        if (line == null) {
          throw new AssertionError("the stream ended");
        }
        seen += line.contains("\"content\":\"x\"") ? 1 : 0;
      }
      return seen;
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatWasMadeIsPaidAndNothingIsInvented(Stores on) throws Exception {
    try (JubalServer server = JubalServer.scripted(on, SCRIPT);
        Database database = on.open(server.dataFolder())) {
      int seen = read(server, 5);
      Instant end = server.clock().instant().plusSeconds(1);
      LedgerReader ledger = new LedgerReader(database);
      Await.until("it is settled", () -> ledger.sums(Instant.EPOCH, end).settled() == 1);
      LedgerRow row = ledger.between(Instant.EPOCH, end, 2).getFirst();
      Settlement settled = row.settled().orElseThrow().settlement();
      assertEquals(499, settled.status());
      assertEquals(7, settled.usage().prompt());
      assertEquals(2, settled.usage().cached());
      long made = settled.usage().completion();
      assertTrue(made >= seen && made < DELTAS / 2, made + " were made, " + seen + " were seen");
      assertEquals(row.price().cost(settled.usage()), settled.costTicks());

      // and should it be forgiven all the same, the row stays and the sums follow
      var forgiven = new LedgerCorrections.Correction(row, -settled.costTicks(), "forgiven");
      var _ =
          database.write(
              s -> {
                LedgerCorrections.write(s, List.of(forgiven), server.clock().instant());
                return true;
              });
      assertEquals(row, ledger.find(row.requestId()).orElseThrow());
      long paid =
          database
              .read(
                  s ->
                      s.first(
                          "SELECT SUM(cost_ticks) AS ticks FROM rollup_day", r -> r.whole("ticks")))
              .orElseThrow();
      assertEquals(0, paid);
      String team = row.owner().teamId();
      new Credits(database, server.clock()).add(team, Credits.Origin.REFUND, 5, "a gift");
      assertEquals(
          Credits.Origin.REFUND,
          new Credits(database, server.clock()).list(team).getLast().origin());
      WholeLedger.in(database);
    }
  }
}
