package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.account.keys.KeyStore;
import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.ledger.LedgerRow;
import dev.jubal.platform.sql.Database;
import dev.jubal.testing.Http;
import dev.jubal.testing.ServerProcess;
import dev.jubal.testing.Sse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** kill -9 within a thought, a text and a call of two choices: each goes on where it was. */
class GoOnKillTest {
  private static final String ARGUMENTS = "{\\\"city\\\":\\\"Llanfairpwllgwyngyll\\\"}";
  private static final String SCRIPT =
      "{\"thinks\":true,\"constrains\":true,\"answers\":[{\"prompt_tokens\":7,\"steps\":["
          + "{\"reasoning\":\"t\",\"times\":20,\"every_ms\":20},"
          + "{\"text\":\"x\",\"times\":30,\"every_ms\":20},"
          + "{\"call\":{\"name\":\"weather\",\"split\":15,\"arguments\":\""
          + ARGUMENTS
          + "\"},\"every_ms\":30}]}]}";
  private static final String CHAT =
      "{\"model\":\"grok-4\",\"stream\":true,\"n\":2,\"messages\":[{\"role\":\"user\",\"content\":"
          + "\"hi\"}],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\","
          + "\"parameters\":{\"type\":\"object\"}}}]}";

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

  private static HttpRequest.Builder stream(Http http, String header, String value) {
    return http.request("/v1/chat/completions")
        .header("content-type", "application/json")
        .header(header, value)
        .POST(HttpRequest.BodyPublishers.ofString(CHAT));
  }

  private static boolean told(String line) {
    return line.startsWith("data: {") && !line.contains("\"role\"");
  }

  /** Reads so many chunks, kills the server, and reads what still comes. */
  private static List<String> readAndKill(ServerProcess server, String key, int chunks)
      throws Exception {
    Http http = new Http(server.port(), key);
    List<String> lines = new ArrayList<>();
    HttpResponse<InputStream> answer =
        http.client()
            .send(
                stream(http, "x-jubal-resumable", "60s").build(),
                HttpResponse.BodyHandlers.ofInputStream());
    assertEquals(200, answer.statusCode());
    boolean killed = false;
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.add(line);
        if (!killed && lines.stream().filter(GoOnKillTest::told).count() >= chunks) {
          killed = true;
          server.kill();
        }
      }
    } catch (IOException e) {
      // the server was killed
    }
    assertTrue(killed, lines.toString());
    assertFalse(lines.contains("data: [DONE]"), "the kill came too late");
    return lines;
  }

  private static String of(List<String> lines, int choice, String pointer) {
    StringBuilder all = new StringBuilder();
    for (String line : lines) {
      if (line.startsWith("data: {")) {
        JsonNode one = new Sse("", line.substring("data: ".length())).json().at("/choices/0");
        JsonNode found = one.at("/delta" + pointer);
        if (one.path("index").intValue(-1) == choice && found.isString()) {
          all.append(found.stringValue());
        }
      }
    }
    return all.toString();
  }

  @Test
  void thoughtsTextsAndCallsOfTwoChoicesGoOn() throws Exception {
    Path script = Files.writeString(folder.resolve("script.json"), SCRIPT);
    for (int chunks : List.of(15, 70, 99)) {
      Path data = folder.resolve("data-" + chunks);
      String key = key(data);
      List<String> lines;
      try (ServerProcess server = ServerProcess.start(data, "--models.script=" + script)) {
        lines = readAndKill(server, key, chunks);
      }
      String last =
          lines.stream().filter(l -> l.startsWith("id: ")).toList().getLast().substring(4);
      try (ServerProcess server = ServerProcess.start(data, "--models.script=" + script)) {
        Http http = new Http(server.port(), key);
        HttpResponse<String> rest = http.send(stream(http, "Last-Event-ID", last));
        assertEquals(200, rest.statusCode(), rest.body());
        assertTrue(rest.body().endsWith("data: [DONE]\n\n"), rest.body());
        rest.body().lines().forEach(lines::add);
      }
      whole(lines, chunks);
      settled(data, last.substring(0, last.indexOf(':')));
    }
  }

  private static void whole(List<String> lines, int chunks) {
    for (int choice = 0; choice < 2; choice++) {
      String at = "choice " + choice + " after " + chunks;
      assertEquals("t".repeat(20), of(lines, choice, "/reasoning_content"), at);
      assertEquals("x".repeat(30), of(lines, choice, "/content"), at);
      assertEquals("weather", of(lines, choice, "/tool_calls/0/function/name"), at);
      assertEquals(
          ARGUMENTS.replace("\\", ""), of(lines, choice, "/tool_calls/0/function/arguments"), at);
    }
  }

  private static void settled(Path data, String id) {
    try (Database database = Database.open(data)) {
      LedgerReader reader = new LedgerReader(database);
      LedgerRow.Settled settled = reader.find(id).orElseThrow().settled().orElseThrow();
      assertFalse(settled.recovered());
      assertEquals(200, settled.settlement().status());
      assertEquals(7, settled.settlement().usage().prompt());
      assertEquals(40, settled.settlement().usage().reasoning());
      long completion = settled.settlement().usage().completion();
      // of a piece of a call that was in the making the rest counts again as one
      assertTrue(completion >= 2 * (30 + 15) && completion <= 2 * (30 + 15) + 1, "" + completion);
      var sums = reader.sums(Instant.EPOCH, Instant.now().plusSeconds(60));
      assertEquals(1, sums.admitted());
      assertEquals(0, sums.open());
    }
  }
}
