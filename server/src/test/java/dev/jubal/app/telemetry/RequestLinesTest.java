package dev.jubal.app.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.json.Json;
import dev.jubal.platform.log.LogConfig;
import dev.jubal.platform.log.LogLine;
import dev.jubal.platform.log.Redaction;
import dev.jubal.testing.Await;
import dev.jubal.testing.JubalServer;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The lines that requests leave in the log of a real server. */
final class RequestLinesTest {
  private static final Logger OURS = Logger.getLogger("dev.jubal");
  private static final String CHAT = "/v1/chat/completions";
  private static final String TALKS =
      "{\"answers\":[{\"prompt_tokens\":10,\"cached_tokens\":4,"
          + "\"steps\":[{\"text\":\"Very private\"}]}]}";
  private static final String BODY =
      "{\"model\":\"grok-4\",\"user\":\"ann\","
          + "\"messages\":[{\"role\":\"user\",\"content\":\"A question of mine\"}]}";

  /** Keeps lines as the log would have them. */
  private static final class Lines extends Handler {
    private final LogLine form = new LogLine(LogConfig.Form.JSON, Redaction.FORM);
    private final List<JsonNode> all = new CopyOnWriteArrayList<>();

    @Override
    public void publish(LogRecord entry) {
      all.add(Json.mapper().readTree(form.format(entry)));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}

    JsonNode of(int status) {
      Await.until(
          "a line of a request that ended with " + status + ", of " + all,
          () -> all.stream().anyMatch(l -> l.path("status").asInt(0) == status));
      return all.stream()
          .filter(l -> l.path("status").asInt(0) == status)
          .findFirst()
          .orElseThrow();
    }
  }

  private static Lines listen() {
    Lines lines = new Lines();
    OURS.addHandler(lines);
    return lines;
  }

  @Test
  void aRequestIsOneLineThatSaysWhoseItWasAndWhatItTook() throws Exception {
    Lines lines = listen();
    try (JubalServer server =
        JubalServer.scripted(TALKS, "log.format", "json", "models.aliases", "true")) {
      var answer =
          server
              .http()
              .send(
                  server
                      .http()
                      .request(CHAT)
                      .header("content-type", "application/json")
                      .header("x-request-id", "mine-1")
                      .header(
                          "traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
                      .POST(HttpRequest.BodyPublishers.ofString(BODY)));
      assertEquals(200, answer.statusCode(), answer.body());
      JsonNode line = lines.of(200);
      assertEquals(
          answer.headers().firstValue("x-request-id").orElseThrow(),
          line.path("request_id").stringValue());
      assertEquals("4bf92f3577b34da6a3ce929d0e0e4736", line.path("trace_id").stringValue());
      assertEquals("mine-1", line.path("client_request_id").stringValue());
      assertEquals("grok-4", line.path("model").stringValue());
      assertFalse(line.path("team").stringValue().isEmpty());
      assertEquals("chat", line.path("endpoint").stringValue());
      assertEquals("POST", line.path("method").stringValue());
      assertEquals(10, line.path("input_tokens").intValue());
      assertEquals(4, line.path("cached_tokens").intValue());
      assertTrue(line.path("output_tokens").intValue() > 0);
      assertTrue(line.path("cost_ticks").longValue() > 0);
      for (String time : List.of("duration_ms", "latency_ms", "first_token_ms")) {
        assertTrue(line.path(time).isNumber(), line.toString());
      }
      assertEquals(200, server.http().get("/healthz").statusCode());
      assertEquals(401, server.http("xai-wrong").post(CHAT, BODY).statusCode());
      JsonNode refused = lines.of(401);
      assertEquals("invalid_api_key", refused.path("error").stringValue());
      assertFalse(refused.has("trace_id"), refused.toString());
      assertTrue(
          lines.all.stream().noneMatch(l -> l.path("endpoint").asString("").equals("healthz")),
          lines.all.toString());
      String all = lines.all.toString();
      assertFalse(
          all.contains("question") || all.contains("private") || all.contains("ann\""), all);
      assertFalse(all.contains(server.key()) || all.contains("xai-wrong"), all);
    } finally {
      OURS.removeHandler(lines);
    }
  }

  @Test
  void asTextThereAreNoneUnlessAskedFor() throws Exception {
    Lines lines = listen();
    try (JubalServer quiet = JubalServer.scripted(TALKS);
        JubalServer asked = JubalServer.scripted(TALKS, "log.requests", "all")) {
      assertEquals(200, quiet.http().post(CHAT, BODY).statusCode());
      assertEquals(404, asked.http().get("/v1/models/none").statusCode());
      lines.of(404);
      assertTrue(
          lines.all.stream().noneMatch(l -> l.path("status").asInt(0) == 200),
          lines.all.toString());
    } finally {
      OURS.removeHandler(lines);
    }
  }

  @Test
  void workThatNoClientWaitsForIsALineOfItsOwn() throws Exception {
    Lines lines = listen();
    try (JubalServer server = JubalServer.scripted(TALKS, "log.format", "json")) {
      server.http().post(CHAT, BODY.replace("{\"model\"", "{\"deferred\":true,\"model\""));
      Await.until(
          "the work has a line, of " + lines.all,
          () -> lines.all.stream().anyMatch(l -> l.has("output_tokens") && !l.has("method")));
    } finally {
      OURS.removeHandler(lines);
    }
  }
}
