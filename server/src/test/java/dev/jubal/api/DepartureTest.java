package dev.jubal.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jubal.account.ledger.Settlement;
import dev.jubal.account.ledger.Usage;
import dev.jubal.platform.http.OpenAiErrors;
import dev.jubal.testing.Await;
import dev.jubal.testing.ScriptedServer;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client that leaves cancels the work, and what was produced is recorded. */
class DepartureTest {
  private static final ScriptedServer SERVER = new ScriptedServer(new OpenAiErrors());

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions,messages,'[{\"role\":\"user\",\"content\":\"a b c\"}]',true",
    "/v1/chat/completions,messages,'[{\"role\":\"user\",\"content\":\"a b c\"}]',false",
    "/v1/responses,input,'\"a b c\"',true",
    "/v1/responses,input,'\"a b c\"',false",
    "/v1/completions,prompt,'\"a b c\"',true",
    "/v1/completions,prompt,'\"a b c\"',false",
  })
  void whatWasProducedIsSettled(String path, String field, String value, boolean stream)
      throws Exception {
    SERVER.script(
        "{\"answers\":[{\"cached_tokens\":1,\"steps\":[{\"text\":\"one\"},{\"text\":\""
            + " two\"},{\"hold\":true}]}]}");
    String body =
        "{\"model\":\"%s\",\"%s\":%s,\"stream\":%s}"
            .formatted(ScriptedServer.MODEL, field, value, stream);
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), SERVER.port())) {
      client
          .getOutputStream()
          .write(
              ("POST "
                      + path
                      + " HTTP/1.1\r\nhost: jubal\r\ncontent-type: application/json\r\n"
                      + "content-length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
                  .getBytes(StandardCharsets.US_ASCII));
      Await.until("admitted", () -> SERVER.ledger().admissions().size() == 1);
      if (stream) {
        int first = client.getInputStream().read();
        assertEquals('H', first);
      }
    }
    Await.until("settled", () -> SERVER.ledger().settlements().size() == 1);
    Settlement settled = SERVER.ledger().settlements().values().iterator().next();
    assertEquals(499, settled.status());
    assertEquals(Optional.of("client_closed_request"), settled.errorType());
    assertEquals(Usage.of(3, 1, settled.usage().completion()), settled.usage());
    assertEquals(2 * 100 + 10 + 1000 * settled.usage().completion(), settled.costTicks());
  }
}
