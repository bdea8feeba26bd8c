package dev.jubal.api.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.metrics.MetricsServer;
import dev.jubal.platform.metrics.ServerMetrics;
import dev.jubal.testing.Await;
import dev.jubal.testing.Http;
import dev.jubal.testing.JubalServer;
import java.net.http.HttpResponse;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;

final class MetricsTest {
  private static final String CHAT =
      "{\"model\":\"grok-4\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  @Test
  void onTheMainPortTheyNeedAKeyAndCountWhatWasServed() throws Exception {
    try (JubalServer server =
        JubalServer.scripted(
            "{\"answers\":[{\"prompt_tokens\":7,\"steps\":[{\"text\":\"Hello\"}]}]}")) {
      assertEquals(401, server.http("").get("/metrics").statusCode());
      server.http().post("/v1/chat/completions", CHAT);
      server.http().get("/no/such/path/" + System.nanoTime());
      Await.until(
          "the request is counted",
          () ->
              scrape(server)
                  .contains(
                      "jubal_http_requests_seconds_count{endpoint=\"chat\",method=\"POST\","
                          + "status=\"200\"} 1"));
      String text = scrape(server);
      assertTrue(
          text.contains("jubal_tokens_total{endpoint=\"chat\",kind=\"prompt\",model=\"grok-4\"} 7"),
          text);
      assertTrue(text.contains("jubal_cost_ticks_total{endpoint=\"chat\",model=\"grok-4\"}"), text);
      assertTrue(text.contains("jubal_first_token_seconds_count"), text);
      assertTrue(text.contains("jubal_requests_running "), text);
      assertTrue(text.contains("endpoint=\"none\""), text);
      assertFalse(text.contains("no/such/path"), text);
    }
  }

  private static String scrape(JubalServer server) {
    try {
      HttpResponse<String> answer = server.http().get("/metrics");
      assertEquals(200, answer.statusCode(), answer.body());
      return answer.body();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void onTheirOwnPortTheyAreOpen() throws Exception {
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    try (clock;
        ServerMetrics metrics = new ServerMetrics();
        MetricsServer server = new MetricsServer(0, metrics, clock)) {
      metrics.gauge("jubal.engine.queue", "Waiting requests.", () -> 3, "model", "m");
      metrics.counter("jubal.engine.restarts", "Workers replaced.", () -> 2, "model", "m");
      System.gc(); // nothing else holds the suppliers
      HttpResponse<String> answer = new Http(server.port(), "").get("/metrics");
      assertEquals(200, answer.statusCode());
      assertTrue(answer.body().contains("jubal_engine_queue{model=\"m\"} 3"), answer.body());
      assertTrue(
          answer.body().contains("jubal_engine_restarts_total{model=\"m\"} 2"), answer.body());
      assertEquals(404, new Http(server.port(), "").get("/v1/models").statusCode());
    }
  }
}
