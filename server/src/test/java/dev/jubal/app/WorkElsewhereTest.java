package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.ledger.LedgerRow;
import dev.jubal.account.ledger.Settlement;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.DatabaseConfig;
import dev.jubal.testing.Await;
import dev.jubal.testing.Http;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.Postgres;
import dev.jubal.testing.Sse;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Work of one node, followed and stopped from another one of the same PostgreSQL. */
class WorkElsewhereTest {
  private static final String SCRIPT =
      """
      {"answers":[
        {"match":"hold","steps":[{"text":"Half"},{"text":" way"},{"hold":true}]},
        {"match":"breaks","steps":[{"text":"So"},{"text":" far","times":20,"every_ms":20},
          {"fail":"broken","message":"It broke."}]},
        {"steps":[{"text":"a"},{"text":"b","times":100,"every_ms":20},{"text":"c"}]}]}
      """;
  private static final String CHAT = "/v1/chat/completions";
  private static final String RESPONSES = "/v1/responses";

  @TempDir private Path folder = Path.of("");
  private final DatabaseConfig config = Postgres.shared().empty();

  private static HttpRequest.Builder chat(Http http, String text, String header, String value) {
    return http.request(CHAT)
        .header("content-type", "application/json")
        .header(header, value)
        .POST(
            HttpRequest.BodyPublishers.ofString(
                "{\"model\":\"grok-4\",\"stream\":true,\"messages\":"
                    + "[{\"role\":\"user\",\"content\":\""
                    + text
                    + "\"}]}"));
  }

  private static HttpResponse<InputStream> open(Http http, String text, String header, String value)
      throws Exception {
    return http.client()
        .send(chat(http, text, header, value).build(), HttpResponse.BodyHandlers.ofInputStream());
  }

  private static String last(List<String> frames) {
    String frame = frames.getLast();
    return frame.substring("id: ".length(), frame.indexOf('\n'));
  }

  private static List<String> frames(String body) {
    return Arrays.stream(body.split("\n\n")).filter(f -> !f.startsWith(":")).toList();
  }

  private static String background(Http http, String input) throws Exception {
    return json(http.post(
            RESPONSES, "{\"model\":\"grok-4\",\"background\":true,\"input\":\"" + input + "\"}"))
        .path("id")
        .stringValue();
  }

  private static JsonNode json(HttpResponse<String> answer) {
    assertEquals(200, answer.statusCode(), answer.body());
    return Json.tree(answer.body().getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Http http, String id) {
    try {
      return json(http.get(RESPONSES + "/" + id)).at("/output/0/content/0/text").asString("");
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private Settlement settled(String id) {
    try (Database database = Database.open(folder.resolve("look"), config)) {
      LedgerRow row = new LedgerReader(database).find(id).orElseThrow();
      return row.settled().orElseThrow().settlement();
    }
  }

  @Test
  void aStreamGoesOnFromAnotherNodeAndItsGraceDoesNotEndMeanwhile() throws Exception {
    try (JubalServer a = JubalServer.scripted(SCRIPT, Postgres.flags(config));
        JubalServer b = a.beside()) {
      HttpResponse<InputStream> onA = open(a.http(), "hi", "x-jubal-resumable", "300ms");
      String work = onA.headers().firstValue("x-jubal-work").orElseThrow();
      HttpResponse<InputStream> onB = open(b.http(), "hi", "Last-Event-ID", work + ":0");
      assertEquals(200, onB.statusCode());
      onA.body().close();
      List<String> rest;
      try (InputStream in = onB.body()) {
        rest = frames(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
      for (int i = 0; i < rest.size(); i++) {
        assertTrue(rest.get(i).startsWith("id: " + work + ":" + (i + 1) + "\n"), rest.get(i));
      }
      assertTrue(rest.getLast().endsWith("data: [DONE]"), rest.getLast());
      assertEquals(200, settled(work).status());
      assertEquals(102, settled(work).usage().completion());
    }
  }

  @Test
  void whoLeavesTheOtherNodeTooEndsTheWork() throws Exception {
    try (JubalServer a = JubalServer.scripted(SCRIPT, Postgres.flags(config));
        JubalServer b = a.beside()) {
      HttpResponse<InputStream> onA = open(a.http(), "hold", "x-jubal-resumable", "100ms");
      String work = onA.headers().firstValue("x-jubal-work").orElseThrow();
      HttpResponse<InputStream> onB = open(b.http(), "hold", "Last-Event-ID", work + ":0");
      onA.body().close();
      onB.body().close();
      Await.until(
          "its grace ends",
          () -> {
            try (Database database = Database.open(folder.resolve("look"), config)) {
              return new LedgerReader(database).find(work).orElseThrow().settled().isPresent();
            }
          });
      assertEquals(499, settled(work).status());
    }
  }

  @Test
  void itsErrorIsToldElsewhereToo() throws Exception {
    try (JubalServer a = JubalServer.scripted(SCRIPT, Postgres.flags(config));
        JubalServer b = a.beside()) {
      List<String> seen =
          Sse.leaveAfter(a.http(), chat(a.http(), "breaks", "x-jubal-resumable", "60s"), 2);
      HttpResponse<String> rest =
          b.http().send(chat(b.http(), "breaks", "Last-Event-ID", last(seen)));
      assertTrue(rest.body().contains("It broke."), rest.body());
    }
  }

  @Test
  void workIsStoppedFromAnyNodeWhetherItRunsOrWaits() throws Exception {
    List<String> flags = new ArrayList<>(List.of(Postgres.flags(config)));
    flags.addAll(List.of("work.workers", "1"));
    try (JubalServer a = JubalServer.scripted(SCRIPT, flags.toArray(String[]::new));
        JubalServer b = a.beside()) {
      Http onA = a.http();
      Http onB = b.http();
      String first = background(onA, "hold 1");
      String second = background(onA, "hold 2");
      Await.until("the first runs", () -> text(onA, first).equals("Half way"));
      Await.until(
          "the other node takes the second",
          () -> {
            b.clock().move(Duration.ofMillis(100)); // by which it looks for what it can do
            return text(onA, second).equals("Half way");
          });
      String waits = background(onA, "hold 3");
      assertStopped(onB, waits, "", 0);
      assertStopped(onB, first, "Half way", 2);
      assertStopped(onA, second, "Half way", 2);
      assertEquals("", text(onA, waits));
    }
  }

  private void assertStopped(Http http, String id, String said, long tokens) throws Exception {
    JsonNode cancelled = json(http.post(RESPONSES + "/" + id + "/cancel", "{}"));
    assertEquals("cancelled", cancelled.path("status").stringValue());
    assertEquals(said, cancelled.at("/output/0/content/0/text").asString(""));
    assertEquals(499, settled(id).status());
    assertEquals(tokens, settled(id).usage().completion());
  }
}
