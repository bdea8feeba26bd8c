package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.keys.Acls;
import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.ledger.LedgerRow;
import dev.jubal.platform.sql.Database;
import dev.jubal.testing.Await;
import dev.jubal.testing.Http;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.Sse;
import dev.jubal.testing.Stores;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that lose a stream and come back to it, against the whole server. */
@ParameterizedClass
@EnumSource(Stores.class)
class ResumableTest {
  @Parameter private Stores on = Stores.SQLITE;

  private static final String SCRIPT =
      """
      {"answers":[
        {"match":"hold","steps":[{"text":"Half"},{"text":" way"},{"hold":true}]},
        {"match":"call","steps":[{"call":{"name":"f","arguments":"{\\"a\\":1}","split":3}}]},
        {"match":"breaks","steps":[{"text":"So"},{"fail":"broken","message":"It broke."}]},
        {"steps":[{"text":"a "},{"text":"b","times":20,"every_ms":20},{"text":" c"}]}]}
      """;
  private static final String CHAT = "/v1/chat/completions";

  private static String chat(String text) {
    return "{\"model\":\"grok-4\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\""
        + text
        + "\"}]}";
  }

  private static String body(String path) {
    return switch (path) {
      case CHAT -> chat("hi");
      case "/v1/responses" ->
          "{\"model\":\"grok-4\",\"stream\":true,\"store\":false,\"input\":\"hi\"}";
      default -> "{\"model\":\"grok-4\",\"stream\":true,\"prompt\":\"hi\"}";
    };
  }

  private static HttpRequest.Builder post(Http http, String path, String body, String... headers) {
    HttpRequest.Builder request =
        http.request(path)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return request;
  }

  /** The events of a stream, each as all its lines. */
  private static List<String> frames(String body) {
    return java.util.Arrays.stream(body.split("\n\n")).filter(f -> !f.startsWith(":")).toList();
  }

  private static String id(String frame) {
    assertTrue(frame.startsWith("id: "), frame);
    return frame.substring(4, frame.indexOf('\n'));
  }

  private LedgerRow row(JubalServer server, String id) {
    try (Database database = on.open(server.dataFolder())) {
      return new LedgerReader(database).find(id).orElseThrow();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {CHAT, "/v1/responses", "/v1/completions"})
  void aLostClientGoesOnWhereItWas(String path) throws Exception {
    try (JubalServer server = JubalServer.scripted(on, SCRIPT)) {
      Http http = server.http();
      List<String> seen =
          Sse.leaveAfter(http, post(http, path, body(path), "x-jubal-resumable", "60s"), 5);
      String last = id(seen.getLast());
      String work = last.substring(0, last.indexOf(':'));
      assertEquals(work + ":4", last);

      HttpResponse<String> rest = http.send(post(http, path, body(path), "Last-Event-ID", last));
      assertEquals(200, rest.statusCode(), rest.body());
      assertEquals(work, rest.headers().firstValue("x-jubal-work").orElseThrow());
      List<String> all = new ArrayList<>(seen);
      all.addAll(frames(rest.body()));
      for (int i = 0; i < all.size(); i++) {
        assertEquals(work + ":" + i, id(all.get(i)));
      }
      assertTrue(all.getLast().endsWith("data: [DONE]"), all.getLast());
      HttpResponse<String> again =
          http.send(post(http, path, body(path), "Last-Event-ID", work + ":0"));
      assertEquals(all.subList(1, all.size()), frames(again.body()));

      LedgerRow row = row(server, work);
      assertEquals(200, row.settled().orElseThrow().settlement().status());
      assertEquals(22, row.settled().orElseThrow().settlement().usage().completion());
    }
  }

  @Test
  void theSameKeyIsTheSameAnswerAndAnotherBodyIsAConflict() throws Exception {
    try (JubalServer server = JubalServer.scripted(on, SCRIPT)) {
      Http http = server.http();
      String plain = chat("call").replace("\"stream\":true", "\"stream\":false");
      HttpResponse<String> first = http.send(post(http, CHAT, plain, "Idempotency-Key", "k1"));
      HttpResponse<String> second = http.send(post(http, CHAT, plain, "Idempotency-Key", "k1"));
      assertEquals(200, first.statusCode(), first.body());
      assertEquals(first.body(), second.body());
      HttpResponse<String> other = http.send(post(http, CHAT, chat("hi"), "Idempotency-Key", "k1"));
      assertEquals(409, other.statusCode(), other.body());
      assertTrue(other.body().contains("Idempotency-Key"), other.body());

      Http stranger =
          server.http(
              server.jubal().keys().create("other", Acls.ALL, Optional.empty()).secret().reveal());
      HttpResponse<String> theirs =
          stranger.send(post(stranger, CHAT, plain, "Idempotency-Key", "k1"));
      assertEquals(200, theirs.statusCode());
      assertNotEquals(first.body(), theirs.body());
      String work = first.headers().firstValue("x-jubal-work").orElseThrow();
      HttpResponse<String> stolen =
          stranger.send(post(stranger, CHAT, chat("hi"), "Last-Event-ID", work + ":0"));
      assertEquals(404, stolen.statusCode(), stolen.body());

      server.clock().move(Duration.ofHours(25));
      HttpResponse<String> later = http.send(post(http, CHAT, plain, "Idempotency-Key", "k1"));
      assertEquals(200, later.statusCode());
      assertNotEquals(work, later.headers().firstValue("x-jubal-work").orElseThrow());
    }
  }

  @Test
  void twoAtOnceJoinOneAnswer() throws Exception {
    try (JubalServer server = JubalServer.scripted(on, SCRIPT)) {
      Http http = server.http();
      List<java.util.concurrent.CompletableFuture<HttpResponse<String>>> both =
          java.util.stream.IntStream.range(0, 4)
              .mapToObj(
                  i ->
                      http.client()
                          .sendAsync(
                              post(http, CHAT, chat("hi"), "Idempotency-Key", "k").build(),
                              HttpResponse.BodyHandlers.ofString()))
              .toList();
      for (var answer : both) {
        assertEquals(frames(both.getFirst().join().body()), frames(answer.join().body()));
      }
    }
  }

  @Test
  void whoDoesNotComeBackWithinTheGraceEndsTheWork() throws Exception {
    try (JubalServer server = JubalServer.scripted(on, SCRIPT)) {
      Http http = server.http();
      List<String> seen =
          Sse.leaveAfter(http, post(http, CHAT, chat("hold"), "x-jubal-resumable", "50ms"), 2);
      String work = id(seen.getFirst()).split(":")[0];
      Await.until("it is settled", () -> row(server, work).settled().isPresent());
      assertEquals(499, row(server, work).settled().orElseThrow().settlement().status());
      assertEquals(2, row(server, work).settled().orElseThrow().settlement().usage().completion());
      HttpResponse<String> replay =
          http.send(post(http, CHAT, chat("hold"), "Last-Event-ID", work + ":0"));
      assertEquals(200, replay.statusCode(), replay.body());
      assertTrue(replay.body().contains(" way"), replay.body());
      assertTrue(frames(replay.body()).getLast().contains("did not come back"), replay.body());
    }
  }

  @Test
  void aFailureIsReplayedToo() throws Exception {
    try (JubalServer server = JubalServer.scripted(on, SCRIPT)) {
      Http http = server.http();
      HttpResponse<String> first =
          http.send(post(http, CHAT, chat("breaks"), "Idempotency-Key", "k"));
      HttpResponse<String> second =
          http.send(post(http, CHAT, chat("breaks"), "Idempotency-Key", "k"));
      assertTrue(first.body().contains("It broke."), first.body());
      assertEquals(frames(first.body()), frames(second.body()));
    }
  }

  @Test
  void aHeaderOfAnotherFormIsRefusedByName() throws Exception {
    try (JubalServer server = JubalServer.scripted(on, SCRIPT)) {
      Http http = server.http();
      for (String[] header :
          new String[][] {
            {"x-jubal-resumable", "soon"},
            {"x-jubal-resumable", "2h"},
            {"Last-Event-ID", "seven"},
            {"Idempotency-Key", "a b"}
          }) {
        HttpResponse<String> refused = http.send(post(http, CHAT, chat("hi"), header));
        assertEquals(400, refused.statusCode(), header[0]);
        assertTrue(refused.body().contains("\"param\":\"" + header[0] + "\""), refused.body());
      }
    }
  }
}
