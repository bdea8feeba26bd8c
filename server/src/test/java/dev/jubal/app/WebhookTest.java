package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.Server;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.keys.TeamTerms;
import dev.jubal.account.webhook.WebhookSecrets;
import dev.jubal.platform.crypto.CryptoConfig;
import dev.jubal.platform.crypto.LocalMasterKey;
import dev.jubal.platform.crypto.TinkVault;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.sql.Database;
import dev.jubal.testing.AlertReceiver;
import dev.jubal.testing.Await;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.Stores;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Calls of clients' addresses: off, allowed, signed, tried again, and never at private ones. */
@ParameterizedClass
@EnumSource(Stores.class)
class WebhookTest {
  @Parameter private Stores on = Stores.SQLITE;

  private static final String SCRIPT =
      """
      {"answers":[{"match":"holds","steps":[{"hold":true}]},{"match":"breaks","steps":[{"fail":"broken","message":"It broke."}]},
        {"steps":[{"text":"Hello"}]}]}
      """;
  private static final String LOOPBACK = "127.0.0.0/8";
  private static final String DEFERRED =
      "{\"model\":\"grok-4\",\"deferred\":true,\"messages\":[{\"role\":\"user\","
          + "\"content\":\"hello\"}]}";

  private final List<AggregatedHttpRequest> seen = new CopyOnWriteArrayList<>();
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicBoolean stalled = new AtomicBoolean();
  private final CompletableFuture<HttpStatus> release = new CompletableFuture<>();
  private Server receiver;

  @BeforeEach
  void start() {
    receiver =
        Server.builder()
            .http(0)
            .service(
                "prefix:/", (ctx, req) -> HttpResponse.of(req.aggregate().thenApply(this::receive)))
            .build();
    receiver.start().join();
  }

  private HttpResponse receive(AggregatedHttpRequest request) {
    seen.add(request);
    if (stalled.get()) {
      return HttpResponse.of(release.thenApply(HttpResponse::of));
    }
    return HttpResponse.of(
        failures.getAndDecrement() > 0 ? HttpStatus.SERVICE_UNAVAILABLE : HttpStatus.NO_CONTENT);
  }

  @AfterEach
  void stop() {
    receiver.stop().join();
  }

  private String url() {
    return "http://127.0.0.1:" + receiver.activeLocalPort() + "/hook";
  }

  /** Turns webhooks on and makes a secret, as the operator does beside the server. */
  private String allow(JubalServer server) {
    try (Database database = on.open(server.dataFolder())) {
      TeamStore teams = new TeamStore(database);
      var team =
          teams.set(
              "default",
              new TeamStore.Change(
                  Optional.empty(),
                  Optional.empty(),
                  old -> old.withTerms(new TeamTerms(1, false, false, true))));
      TinkVault vault =
          new TinkVault(
              database,
              LocalMasterKey.open(CryptoConfig.STANDARD, server.dataFolder()),
              server.clock());
      return new WebhookSecrets(database, vault, server.clock()).fresh(team.id()).reveal();
    }
  }

  private static java.net.http.HttpResponse<String> defer(
      JubalServer server, String text, String url) throws Exception {
    return server
        .http()
        .send(
            server
                .http()
                .request("/v1/chat/completions")
                .header("content-type", "application/json")
                .header("x-jubal-webhook", url)
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"model\":\"grok-4\",\"deferred\":true,\"messages\":[{\"role\":\"user\","
                            + "\"content\":\""
                            + text
                            + "\"}]}")));
  }

  private static void allowed(JubalServer server, String text, String url) {
    // the terms of a team are seen within half a second
    Await.until(
        "the request is taken",
        () -> {
          try {
            return defer(server, text, url).statusCode() == 200;
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }

  private boolean waiting(JubalServer server) {
    try (Database database = on.open(server.dataFolder())) {
      return database.read(
          s ->
              s.first(
                      "SELECT 1 AS n FROM webhook_job WHERE execution_time > 0 AND NOT picked",
                      r -> r.whole("n"))
                  .isPresent());
    }
  }

  @Test
  void isSignedAndTriedAgainUntilItArrives() throws Exception {
    try (JubalServer server = JubalServer.scripted(on, SCRIPT, "net.allowed-networks", LOOPBACK)) {
      String secret = allow(server);
      failures.set(1);
      allowed(server, "hi", url());
      Await.until("the first call", () -> seen.size() == 1);
      AggregatedHttpRequest first = seen.getFirst();
      assertEquals(
          AlertReceiver.signature(secret, first), first.headers().get("webhook-signature"));
      assertEquals(
          Long.toString(JubalServer.START.getEpochSecond()),
          first.headers().get("webhook-timestamp"));
      JsonNode told = Json.tree(first.content().array());
      assertEquals("chat.completion.completed", told.path("type").stringValue());
      String id = told.path("data").path("id").stringValue();
      assertEquals(200, server.http().get("/v1/chat/deferred-completion/" + id).statusCode());
      assertFalse(first.contentUtf8().contains("Hello"));

      Await.until("the call waits for its next turn", () -> waiting(server)); // by this clock
      server.clock().move(Duration.ofSeconds(1));
      String second = allow(server); // another secret: both sign for a day
      server.clock().move(Duration.ofSeconds(6));
      Await.until("the second call", () -> seen.size() == 2);
      AggregatedHttpRequest again = seen.getLast();
      assertEquals(first.headers().get("webhook-id"), again.headers().get("webhook-id"));
      assertEquals(
          AlertReceiver.signature(second, again) + " " + AlertReceiver.signature(secret, again),
          again.headers().get("webhook-signature"));
      server.clock().move(Duration.ofHours(3));
      allowed(server, "breaks", url());
      Await.until("the call of another", () -> seen.size() == 3);
      assertTrue(
          seen.getLast().contentUtf8().contains("chat.completion.failed"),
          seen.getLast().contentUtf8());
    }
  }

  @Test
  void addressesThatDoNotAnswerHoldUpNoWork() throws Exception {
    try (JubalServer server =
        JubalServer.scripted(
            on,
            SCRIPT,
            "net.allowed-networks",
            LOOPBACK,
            "work.workers",
            "2",
            "work.webhook-workers",
            "2")) {
      var _ = allow(server);
      stalled.set(true);
      for (int i = 0; i < 4; i++) {
        allowed(server, "hi", url());
      }
      Await.until("calls are stalled", () -> seen.size() == 2);
      var accepted = server.http().post("/v1/chat/completions", DEFERRED);
      String id =
          Json.tree(accepted.body().getBytes(StandardCharsets.UTF_8))
              .path("request_id")
              .stringValue();
      Await.until(
          "work goes on",
          () -> {
            try {
              return server.http().get("/v1/chat/deferred-completion/" + id).statusCode() == 200;
            } catch (Exception e) {
              throw new AssertionError(e);
            }
          });
      assertEquals(2, seen.size(), "no call has ended meanwhile");
      release.complete(HttpStatus.NO_CONTENT);
      Await.until("the others are called", () -> seen.size() == 4);
    }
  }

  @Test
  void workThatTakesLongHoldsUpNoCall() throws Exception {
    try (JubalServer server =
        JubalServer.scripted(on, SCRIPT, "net.allowed-networks", LOOPBACK, "work.workers", "1")) {
      var _ = allow(server);
      failures.set(1);
      allowed(server, "hi", url());
      Await.until("the first call", () -> seen.size() == 1);
      assertEquals(
          200,
          server
              .http()
              .post("/v1/chat/completions", DEFERRED.replace("hello", "holds"))
              .statusCode());
      Await.until("all workers are busy", () -> server.metrics().contains("jubal_work_open 1.0"));
      server.clock().move(Duration.ofSeconds(6));
      Await.until("the second call", () -> seen.size() == 2);
    }
  }

  @Test
  void isOffUntilTheOperatorAllowsIt() throws Exception {
    try (JubalServer server = JubalServer.scripted(on, SCRIPT, "net.allowed-networks", LOOPBACK)) {
      var refused = defer(server, "hi", url());
      assertEquals(403, refused.statusCode(), refused.body());
      assertTrue(refused.body().contains("\"param\":\"x-jubal-webhook\""), refused.body());
      assertEquals(List.of(), seen);
    }
  }

  @Test
  void neverReachesAPrivateAddress() throws Exception {
    try (JubalServer server = JubalServer.scripted(on, SCRIPT)) {
      var _ = allow(server);
      for (String url :
          List.of(url(), "http://169.254.169.254/x", "ftp://example.org/", "http://[::1]:8080/")) {
        Await.until(
            "the terms are seen",
            () -> {
              try {
                return defer(server, "hi", url).statusCode() == 400;
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
      }
      assertEquals(List.of(), seen);
    }
  }

  @Test
  void isRefusedWhereNothingIsDoneLater() throws Exception {
    try (JubalServer server = JubalServer.scripted(on, SCRIPT)) {
      var refused =
          server
              .http()
              .send(
                  server
                      .http()
                      .request("/v1/chat/completions")
                      .header("content-type", "application/json")
                      .header("x-jubal-webhook", "https://example.org/")
                      .POST(
                          HttpRequest.BodyPublishers.ofString(
                              "{\"model\":\"grok-4\",\"messages\":[{\"role\":\"user\","
                                  + "\"content\":\"hi\"}]}")));
      assertEquals(400, refused.statusCode(), refused.body());
    }
  }
}
