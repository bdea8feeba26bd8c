package dev.jubal.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.inference.GenerationEvent;
import dev.jubal.testing.JubalServer;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client sees of the queue it waits in. */
final class QueueNoticeTest {
  private static final JubalServer SERVER =
      JubalServer.scripted(
          """
          {"answers": [
            {"match": "crowd",
             "waits": [{"position": 3, "eta_ms": 4200, "for_ms": 1000},
                       {"position": 1, "eta_ms": 900, "for_ms": 1000}],
             "steps": [{"text": "a"}, {"delay_ms": 1000}, {"text": "b"}]},
            {"match": "brief",
             "waits": [{"position": 3, "eta_ms": 4200}, {"position": 1, "eta_ms": 900}],
             "steps": [{"text": "a"}]},
            {"match": "unknown",
             "waits": [{"position": 7}],
             "steps": [{"text": "a"}]},
            {"steps": [{"text": "a"}]}]}
          """,
          "server.heartbeat",
          "250ms");

  /** A heartbeat must not overtake the first place because classes are still being loaded. */
  @BeforeAll
  static void warmUp() throws Exception {
    ask("/v1/chat/completions", "messages", "brief", true);
    ask("/v1/responses", "input", "brief", true);
    ask("/v1/completions", "prompt", "brief", true);
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  private static HttpResponse<String> ask(String path, String field, String say, boolean stream)
      throws Exception {
    String value =
        field.equals("messages")
            ? "[{\"role\":\"user\",\"content\":\"" + say + "\"}]"
            : "\"" + say + "\"";
    return SERVER
        .http()
        .post(
            path, "{\"model\":\"grok-4\",\"%s\":%s,\"stream\":%s}".formatted(field, value, stream));
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions,messages,true",
    "/v1/chat/completions,messages,false",
    "/v1/responses,input,true",
    "/v1/responses,input,false",
    "/v1/completions,prompt,true",
    "/v1/completions,prompt,false"
  })
  void headersTellThePlaceAtAdmission(String path, String field, boolean stream) throws Exception {
    HttpResponse<String> waited = ask(path, field, "brief", stream);
    assertEquals(200, waited.statusCode(), waited.body());
    assertEquals(Optional.of("3"), waited.headers().firstValue("x-jubal-queue-position"));
    assertEquals(Optional.of("4200"), waited.headers().firstValue("x-jubal-queue-eta-ms"));
    HttpResponse<String> unknown = ask(path, field, "unknown", stream);
    assertEquals(Optional.of("7"), unknown.headers().firstValue("x-jubal-queue-position"));
    assertEquals(Optional.empty(), unknown.headers().firstValue("x-jubal-queue-eta-ms"));
    HttpResponse<String> free = ask(path, field, "nobody", stream);
    assertEquals(Optional.empty(), free.headers().firstValue("x-jubal-queue-position"));
    assertEquals(Optional.empty(), free.headers().firstValue("x-jubal-queue-eta-ms"));
  }

  @ParameterizedTest
  @CsvSource({"/v1/chat/completions,messages", "/v1/responses,input", "/v1/completions,prompt"})
  void heartbeatsTellThePlaceNow(String path, String field) throws Exception {
    String body = ask(path, field, "crowd", true).body();
    int first = body.indexOf(": queued 3, about 5 s\n\n");
    int second = body.indexOf(": queued 1, about 1 s\n\n");
    int plain = body.lastIndexOf(": heartbeat\n\n");
    assertTrue(first >= 0 && second > first && plain > second, body);
    assertFalse(body.substring(plain).contains("queued"), body);
  }

  @Test
  void withHeartbeatsGoPingsWhereTheDialectHasThem() throws Exception {
    String body =
        SERVER
            .http()
            .post(
                "/v1/messages",
                """
                {"model": "grok-4", "max_tokens": 8, "stream": true,
                 "messages": [{"role": "user", "content": "crowd"}]}
                """)
            .body();
    String ping = "event: ping\ndata: {\"type\":\"ping\"}\n\n";
    int queued = body.indexOf(": queued 3, about 5 s\n" + ping);
    int plain = body.lastIndexOf(": heartbeat\n" + ping);
    assertTrue(queued >= 0 && plain > queued, body);
    assertTrue(body.endsWith("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"), body);
  }

  @Test
  void anUnknownWaitIsNotGuessed() {
    assertEquals("queued 2", QueueNotice.text(new GenerationEvent.Queued(2, -1)));
    assertEquals("queued 2, about 0 s", QueueNotice.text(new GenerationEvent.Queued(2, 0)));
    assertEquals("queued 2, about 61 s", QueueNotice.text(new GenerationEvent.Queued(2, 60_001)));
  }
}
