package dev.jubal.api.health;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jubal.platform.http.HttpConfig;
import dev.jubal.platform.http.HttpServer;
import dev.jubal.platform.http.OpenAiErrors;
import dev.jubal.platform.http.Routes;
import dev.jubal.testing.Http;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class HealthTest {
  @Test
  void readyUntilAStopBeginsAliveUntilTheEnd() throws Exception {
    AtomicBoolean draining = new AtomicBoolean();
    Routes routes = new Routes();
    new HealthFeature(draining::get).register(routes);
    HttpConfig config =
        new HttpConfig(
            0,
            "127.0.0.1",
            Optional.empty(),
            Optional.empty(),
            false,
            1024,
            Duration.ofSeconds(1),
            Duration.ZERO,
            Duration.ofSeconds(15));
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    HttpServer.Parts parts =
        new HttpServer.Parts(
            routes, call -> null, new OpenAiErrors(), clock, () -> "id", request -> {});
    try (clock;
        HttpServer server = new HttpServer(config, parts)) {
      server.start();
      Http http = new Http(server.port(), "");
      is(200, "ok", http.get("/healthz"));
      is(200, "ok", http.get("/readyz"));
      draining.set(true);
      is(503, "draining", http.get("/readyz"));
      is(200, "ok", http.get("/healthz"));
    }
  }

  private static void is(int status, String body, HttpResponse<String> answer) {
    assertEquals(status, answer.statusCode());
    assertEquals(body, answer.body());
    assertEquals("text/plain", answer.headers().firstValue("content-type").orElse(""));
  }
}
