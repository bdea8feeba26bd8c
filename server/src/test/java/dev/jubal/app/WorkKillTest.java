package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.keys.KeyStore;
import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.ledger.LedgerRow;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.sql.Database;
import dev.jubal.testing.Await;
import dev.jubal.testing.Http;
import dev.jubal.testing.ServerProcess;
import dev.jubal.testing.Sse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** kill -9 during deferred work and streams: nothing is lost, nothing is billed twice. */
class WorkKillTest {
  private static final int TOKENS = 100;
  private static final String SCRIPT =
      "{%s\"answers\":[{\"prompt_tokens\":7,\"steps\":[{\"text\":\"x\",\"times\":"
          + TOKENS
          + ",\"every_ms\":20}]}]}";
  private static final String CHAT = "/v1/chat/completions";

  @TempDir private Path folder = Path.of("");

  private static String body(String field) {
    return "{\"model\":\"grok-4\","
        + field
        + ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  }

  private String flag(String options) throws IOException {
    Path script = folder.resolve("script.json");
    return "--models.script=" + Files.writeString(script, SCRIPT.formatted(options));
  }

  private static String key(Path data) {
    try (Database database = Database.open(data)) {
      return new KeyStore(database, InstantSource.system())
          .firstStart()
          .orElseThrow()
          .secret()
          .reveal();
    }
  }

  private static HttpRequest.Builder stream(Http http, String header, String value) {
    return http.request(CHAT)
        .header("content-type", "application/json")
        .header(header, value)
        .POST(HttpRequest.BodyPublishers.ofString(body("\"stream\":true")));
  }

  private static String defer(Http http) throws IOException, InterruptedException {
    HttpResponse<String> accepted = http.post(CHAT, body("\"deferred\":true"));
    assertEquals(200, accepted.statusCode(), accepted.body());
    return Json.tree(accepted.body().getBytes(StandardCharsets.UTF_8))
        .path("request_id")
        .stringValue();
  }

  private static String background(Http http) throws IOException, InterruptedException {
    HttpResponse<String> queued =
        http.post("/v1/responses", "{\"model\":\"grok-4\",\"background\":true,\"input\":\"hi\"}");
    assertEquals(200, queued.statusCode(), queued.body());
    return Json.tree(queued.body().getBytes(StandardCharsets.UTF_8)).path("id").stringValue();
  }

  private static String response(Http http, String id) {
    try {
      return Json.tree(http.get("/v1/responses/" + id).body().getBytes(StandardCharsets.UTF_8))
          .path("status")
          .asString("");
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  private static HttpResponse<String> collect(Http http, String id) {
    String path = "/v1/chat/deferred-completion/" + id;
    try {
      Await.until("the work " + id + " ends", () -> pending(http, path));
      return http.get(path);
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static boolean pending(Http http, String path) {
    try {
      return http.get(path).statusCode() != 202;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Reads the ids of so many events, and stays connected until the server dies. */
  private static List<String> read(Http http, int events, Runnable then) throws Exception {
    List<String> lines = new ArrayList<>();
    HttpResponse<java.io.InputStream> answer =
        http.client()
            .send(
                stream(http, "x-jubal-resumable", "60s").build(),
                HttpResponse.BodyHandlers.ofInputStream());
    boolean killed = false;
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.add(line);
        if (!killed && lines.stream().filter(l -> l.startsWith("id: ")).count() == events) {
          killed = true;
          then.run();
        }
      }
    } catch (IOException e) {
      // the server was killed
    }
    return lines;
  }

  private static String text(List<String> lines) {
    StringBuilder text = new StringBuilder();
    for (String line : lines) {
      if (line.startsWith("data: {")) {
        JsonNode delta =
            new Sse("", line.substring("data: ".length())).json().at("/choices/0/delta/content");
        text.append(delta.isMissingNode() ? "" : delta.stringValue());
      }
    }
    return text.toString();
  }

  private static void kill(ServerProcess server) {
    try {
      server.kill();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void settledOnce(Path data, List<String> ids, int status, int tokens) {
    try (Database database = Database.open(data)) {
      LedgerReader reader = new LedgerReader(database);
      for (String id : ids) {
        LedgerRow.Settled settled = reader.find(id).orElseThrow().settled().orElseThrow();
        assertFalse(settled.recovered(), id);
        assertEquals(status, settled.settlement().status(), id);
        assertEquals(7, settled.settlement().usage().prompt(), id);
        assertTrue(settled.settlement().usage().completion() >= tokens, id);
        assertTrue(settled.settlement().usage().completion() <= TOKENS, id);
      }
      var sums = reader.sums(Instant.EPOCH, Instant.now().plusSeconds(60));
      assertEquals(ids.size(), sums.admitted());
      assertEquals(0, sums.open());
    }
  }

  @Test
  void deferredWorkAndAStreamSurviveAKill() throws Exception {
    Path data = folder.resolve("data");
    String key = key(data);
    List<String> ids = new ArrayList<>();
    List<String> seen;
    try (ServerProcess server = ServerProcess.start(data, flag(""))) {
      Http http = new Http(server.port(), key);
      ids.add(defer(http));
      ids.add(defer(http));
      ids.add(background(http));
      seen = read(http, 30, () -> kill(server));
    }
    String last = seen.stream().filter(l -> l.startsWith("id: ")).toList().getLast().substring(4);
    ids.add(last.substring(0, last.indexOf(':')));
    try (ServerProcess server = ServerProcess.start(data, flag(""))) {
      Http http = new Http(server.port(), key);
      HttpResponse<String> rest = http.send(stream(http, "Last-Event-ID", last));
      assertEquals(200, rest.statusCode(), rest.body());
      List<String> more = rest.body().lines().toList();
      assertEquals(
          "x".repeat(TOKENS), text(seen) + text(more), "what was seen and what came after");
      int first = Integer.parseInt(last.substring(last.indexOf(':') + 1)) + 1;
      assertEquals("id: " + ids.getLast() + ":" + first, more.getFirst());
      assertTrue(rest.body().endsWith("data: [DONE]\n\n"), rest.body());
      for (String id : ids.subList(0, 2)) {
        HttpResponse<String> answer = collect(http, id);
        assertEquals(200, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("x".repeat(TOKENS)), answer.body());
      }
      Await.until("the response is complete", () -> response(http, ids.get(2)).equals("completed"));
      assertTrue(
          http.get("/v1/responses/" + ids.get(2))
              .body()
              .contains("\"" + "x".repeat(TOKENS) + "\""));
    }
    settledOnce(data, ids, 200, TOKENS);
  }

  @Test
  void aStopLeavesWorkToTheNextStart() throws Exception {
    Path data = folder.resolve("data");
    String key = key(data);
    List<String> ids = new ArrayList<>();
    try (ServerProcess server =
        ServerProcess.start(data, flag(""), "--drain=1s", "--drain-delay=0s")) {
      Http http = new Http(server.port(), key);
      ids.add(defer(http));
      ids.add(background(http));
      Await.until("it is made", () -> response(http, ids.get(1)).equals("in_progress"));
      server.terminate();
      assertTrue(server.awaitEnd(), server.log());
    }
    try (ServerProcess server = ServerProcess.start(data, flag(""))) {
      Http http = new Http(server.port(), key);
      assertEquals(200, collect(http, ids.getFirst()).statusCode());
      Await.until("the response is complete", () -> response(http, ids.get(1)).equals("completed"));
    }
    settledOnce(data, ids, 200, TOKENS);
  }

  @Test
  void whatCannotGoOnEndsWithOneErrorAfterWhatWasMade() throws Exception {
    Path data = folder.resolve("data");
    String key = key(data);
    List<String> seen;
    try (ServerProcess server = ServerProcess.start(data, flag("\"local\":false,"))) {
      seen = read(new Http(server.port(), key), 30, () -> kill(server));
    }
    String first = seen.stream().filter(l -> l.startsWith("id: ")).toList().getFirst().substring(4);
    String id = first.substring(0, first.indexOf(':'));
    try (ServerProcess server = ServerProcess.start(data, flag("\"local\":false,"))) {
      Http http = new Http(server.port(), key);
      HttpResponse<String> rest = http.send(stream(http, "Last-Event-ID", first));
      assertEquals(200, rest.statusCode(), rest.body());
      assertTrue(text(rest.body().lines().toList()).length() >= 28, rest.body());
      List<Sse> events = Sse.parse(rest.body().replaceAll("(?m)^id: .*\n", ""));
      assertEquals("upstream_error", events.getLast().json().at("/error/code").stringValue());
      assertEquals(Optional.empty(), events.stream().filter(Sse::done).findFirst());
    }
    settledOnce(data, List.of(id), 502, 29);
  }
}
