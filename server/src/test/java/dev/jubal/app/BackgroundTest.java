package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.keys.Acls;
import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.ledger.LedgerRow;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.sql.Database;
import dev.jubal.testing.Await;
import dev.jubal.testing.Http;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.OpenApiCheck;
import dev.jubal.testing.Stores;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Background responses against the whole server. */
@ParameterizedClass
@EnumSource(Stores.class)
class BackgroundTest {
  @Parameter private Stores on = Stores.SQLITE;

  private static final String SCRIPT =
      """
      {"answers":[
        {"match":"hold","steps":[{"text":"Half"},{"text":" way"},{"hold":true}]},
        {"match":"breaks","steps":[{"fail":"broken","message":"It broke."}]},
        {"steps":[{"text":"Hello"},{"text":" there"}]}]}
      """;
  private static final String PATH = "/v1/responses";

  private static String body(String input, String more) {
    return "{\"model\":\"grok-4\",\"background\":true,\"metadata\":{\"a\":\"b\"},\"input\":\""
        + input
        + "\""
        + more
        + "}";
  }

  private static JsonNode json(HttpResponse<String> answer) {
    assertEquals(200, answer.statusCode(), answer.body());
    return Json.tree(answer.body().getBytes(StandardCharsets.UTF_8));
  }

  private static JsonNode get(Http http, String id) {
    try {
      return json(http.get(PATH + "/" + id));
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static String status(JsonNode response) {
    return response.path("status").stringValue();
  }

  private static String text(JsonNode response) {
    return response.at("/output/0/content/0/text").asString("");
  }

  private LedgerRow row(JubalServer server, String id) {
    try (Database database = on.open(server.dataFolder())) {
      return new LedgerReader(database).find(id).orElseThrow();
    }
  }

  private static List<String> frames(String body) {
    return Arrays.stream(body.split("\n\n")).filter(f -> !f.startsWith(":")).toList();
  }

  @Test
  void isQueuedAtOnceAndReadAndContinuedLater() throws Exception {
    try (JubalServer server = JubalServer.scripted(on, SCRIPT)) {
      Http http = server.http();
      OpenApiCheck described = OpenApiCheck.of(http);
      HttpResponse<String> answer = http.post(PATH, body("hi", ""));
      described.check("POST", PATH, answer);
      JsonNode queued = json(answer);
      assertEquals("queued", status(queued));
      assertTrue(queued.path("background").booleanValue());
      String id = queued.path("id").stringValue();
      Await.until("it is done", () -> status(get(http, id)).equals("completed"));
      JsonNode done = get(http, id);
      assertEquals("Hello there", text(done));
      assertEquals("b", done.at("/metadata/a").stringValue());
      assertEquals(2, done.at("/usage/output_tokens").intValue());
      described.check("GET", PATH + "/" + id, http.get(PATH + "/" + id));

      JsonNode next =
          json(
              http.post(
                  PATH,
                  "{\"model\":\"grok-4\",\"input\":\"and?\",\"previous_response_id\":\""
                      + id
                      + "\"}"));
      assertEquals("completed", status(next));
    }
  }

  @Test
  void isCancelledWithinAStepAndWhatWasMadeIsBilledAndReadable() throws Exception {
    try (JubalServer server = JubalServer.scripted(on, SCRIPT)) {
      Http http = server.http();
      String id = json(http.post(PATH, body("hold", ""))).path("id").stringValue();
      Await.until("it is under way", () -> text(get(http, id)).equals("Half way"));
      assertEquals("in_progress", status(get(http, id)));

      Http other =
          server.http(
              server.jubal().keys().create("other", Acls.ALL, Optional.empty()).secret().reveal());
      assertEquals(409, other.post(PATH + "/" + id + "/cancel", "{}").statusCode());
      JsonNode cancelled = json(http.post(PATH + "/" + id + "/cancel", "{}"));
      assertEquals("cancelled", status(cancelled));
      assertEquals("Half way", text(cancelled));
      assertEquals(cancelled, get(http, id));
      assertEquals(cancelled, json(http.post(PATH + "/" + id + "/cancel", "{}")));
      LedgerRow row = row(server, id);
      assertEquals(499, row.settled().orElseThrow().settlement().status());
      assertEquals(2, row.settled().orElseThrow().settlement().usage().completion());
    }
  }

  @Test
  void itsEventsAreFollowedAfterAnyNumber() throws Exception {
    try (JubalServer server = JubalServer.scripted(on, SCRIPT)) {
      Http http = server.http();
      HttpResponse<String> all = http.post(PATH, body("hi", ",\"stream\":true"));
      List<String> frames = frames(all.body());
      String id = all.headers().firstValue("x-jubal-work").orElseThrow();
      assertTrue(frames.getLast().endsWith("[DONE]"), all.body());
      for (int after : new int[] {-1, 0, 3, frames.size() - 2}) {
        String from = after < 0 ? "" : "&starting_after=" + after;
        HttpResponse<String> rest = http.get(PATH + "/" + id + "?stream=true" + from);
        assertEquals(
            frames.subList(after + 1, frames.size()), frames(rest.body()), "after " + after);
      }
      assertEquals(400, http.get(PATH + "/" + id + "?stream=true&starting_after=x").statusCode());
      assertEquals("Hello there", text(get(http, id)));
    }
  }

  @Test
  void aResumableResponseIsStoredAsAnyOther() throws Exception {
    try (JubalServer server = JubalServer.scripted(on, SCRIPT)) {
      Http http = server.http();
      HttpResponse<String> made =
          http.send(
              http.request(PATH)
                  .header("content-type", "application/json")
                  .header("Idempotency-Key", "k")
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          "{\"model\":\"grok-4\",\"input\":\"hi\"}")));
      String id = json(made).path("id").stringValue();
      assertEquals("Hello there", text(get(http, id)));
    }
  }

  @Test
  void failuresAndRefusalsAreTold() throws Exception {
    try (JubalServer server = JubalServer.scripted(on, SCRIPT)) {
      Http http = server.http();
      String id = json(http.post(PATH, body("breaks", ""))).path("id").stringValue();
      Await.until("it failed", () -> status(get(http, id)).equals("failed"));
      assertEquals("server_error", get(http, id).at("/error/code").stringValue());
      assertEquals(502, row(server, id).settled().orElseThrow().settlement().status());

      HttpResponse<String> unstored = http.post(PATH, body("hi", ",\"store\":false"));
      assertEquals(400, unstored.statusCode());
      assertTrue(unstored.body().contains("\"param\":\"background\""), unstored.body());
      assertEquals(404, http.post(PATH + "/nothing/cancel", "{}").statusCode());
      String plain =
          json(http.post(PATH, "{\"model\":\"grok-4\",\"input\":\"hi\"}")).path("id").stringValue();
      assertEquals(400, http.post(PATH + "/" + plain + "/cancel", "{}").statusCode());
    }
  }

  @Test
  void whatIsDeletedStopsAndStaysDeleted() throws Exception {
    try (JubalServer server = JubalServer.scripted(on, SCRIPT)) {
      Http http = server.http();
      String id = json(http.post(PATH, body("hold", ""))).path("id").stringValue();
      Await.until("it is under way", () -> text(get(http, id)).equals("Half way"));
      assertEquals(200, http.send(http.request(PATH + "/" + id).DELETE()).statusCode());
      assertEquals(404, http.get(PATH + "/" + id).statusCode());
      assertEquals(499, row(server, id).settled().orElseThrow().settlement().status());
    }
  }
}
