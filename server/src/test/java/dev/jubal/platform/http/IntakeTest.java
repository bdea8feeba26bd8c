package dev.jubal.platform.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.http.edge.IntakeConfig;
import dev.jubal.testing.Await;
import dev.jubal.testing.RawClient;
import dev.jubal.testing.RawHttp2;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that are slow, many, or that send what is no request. */
final class IntakeTest implements RequestObserver {
  private static final int LIMIT = 1 << 20;
  private static final Duration SHORT = Duration.ofMillis(150);
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final String POST =
      "POST /v1/echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";

  private final List<String> turnedAway = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final List<HttpServer> servers = new ArrayList<>();

  record Echo(String text) {}

  @Override
  public void finished(Finished request) {}

  @Override
  public void turnedAway(String reason) {
    turnedAway.add(reason);
  }

  private static IntakeConfig intake(Duration head, Duration idle, Duration whole) {
    return new IntakeConfig(head, idle, whole, 300_000, 16 * 1024, 3, 7, 5);
  }

  private HttpServer server(IntakeConfig intake) {
    Routes routes = new Routes();
    routes.add(
        Route.post("/v1/echo")
            .access(Access.KEY, "test")
            .takes(Echo.class)
            .handle((call, x) -> x.json(200, Map.of("bytes", call.takeBody().length))));
    routes.add(
        Route.post("/v1/messages")
            .access(Access.PUBLIC, "test")
            .takes(Echo.class)
            .errors(new AnthropicErrors())
            .handle((call, x) -> x.json(200, Map.of())));
    HttpServer server =
        new HttpServer(
            new HttpConfig(
                    0,
                    "127.0.0.1",
                    Optional.empty(),
                    Optional.empty(),
                    false,
                    LIMIT,
                    Duration.ofSeconds(2),
                    Duration.ZERO,
                    Duration.ofSeconds(15))
                .with(intake),
            new HttpServer.Parts(
                routes,
                IntakeTest::admit,
                new OpenAiErrors(),
                clock,
                () -> UUID.randomUUID().toString(),
                this));
    server.start();
    servers.add(server);
    return server;
  }

  private static Object admit(Call call) {
    if (call.header("x-deny").isPresent()) {
      throw new ApiException(ErrorCode.INVALID_API_KEY, "No key.");
    }
    return "caller";
  }

  @AfterEach
  void stop() {
    servers.forEach(HttpServer::close);
    clock.shutdownNow();
  }

  @Test
  void aBodyThatStandsStillIs408AndTheConnectionIsClosed() throws Exception {
    HttpServer server = server(intake(LONG, SHORT, LONG));
    try (RawClient client = RawClient.to(server.port())) {
      client.send(POST + "content-length: 100\r\n\r\n{");
      RawClient.Answer answer = client.answer();
      assertEquals(408, answer.status());
      assertEquals("close", answer.headers().get("connection"));
      assertTrue(answer.body().contains("server.intake.body-idle"), answer.body());
      assertTrue(client.ended());
    }
    assertEquals(List.of("body_idle"), turnedAway);
    assertEquals(0, server.unfinished());
  }

  @Test
  void aBodyThatTakesTooLongIs408HoweverItTricklesInTheFormOfTheDialect() throws Exception {
    HttpServer server = server(intake(LONG, LONG, SHORT));
    try (RawClient client = RawClient.to(server.port())) {
      client.send(
          POST.replace("echo", "messages") + "transfer-encoding: chunked\r\n\r\n1\r\n{\r\n");
      RawClient.Answer answer = client.answer();
      assertEquals(408, answer.status());
      assertTrue(answer.body().startsWith("{\"type\":\"error\""), answer.body());
      assertTrue(client.ended());
    }
    assertEquals(List.of("body_timeout"), turnedAway);
  }

  @Test
  void aHeadThatDoesNotEndIs408AndSilenceIsClosed() throws Exception {
    HttpServer server = server(intake(SHORT, LONG, LONG));
    try (RawClient client = RawClient.to(server.port());
        RawClient silent = RawClient.to(server.port())) {
      client.send(POST + "x-slow: 1");
      assertEquals(408, client.answer().status());
      assertTrue(client.ended());
      assertTrue(silent.ended());
    }
    assertEquals(List.of("head_timeout", "head_timeout"), turnedAway);
  }

  @Test
  void aConnectionThatIsKeptMayBeSilentBetweenRequests() throws Exception {
    HttpServer server = server(intake(SHORT, LONG, LONG));
    try (RawClient client = RawClient.to(server.port());
        RawClient silent = RawClient.to(server.port())) {
      client.send(POST + "content-length: 2\r\n\r\n{}");
      assertEquals(200, client.answer().status());
      assertTrue(silent.ended()); // so much time has gone by
      client.send(POST + "content-length: 2\r\n\r\n{}");
      assertEquals(200, client.answer().status());
      client.send("P");
      assertTrue(client.ended());
    }
  }

  @Test
  void bodiesBeyondTheMemoryForAllAre503WithRetryAfter() throws Exception {
    HttpServer server = server(intake(LONG, LONG, LONG));
    String head = POST + "content-length: 250000\r\n\r\n";
    try (RawClient first = RawClient.to(server.port());
        RawClient second = RawClient.to(server.port())) {
      first.send(head);
      first.send(new byte[200_000]);
      Await.until("the first takes its memory", () -> server.unfinished() >= 200_000);
      second.send(head);
      second.send(new byte[250_000]);
      RawClient.Answer answer = second.answer();
      assertEquals(503, answer.status());
      assertEquals("1", answer.headers().get("retry-after"));
      first.send(new byte[50_000]);
      assertEquals("{\"bytes\":250000}", first.answer().body());
    }
    Await.until("the memory is free again", () -> server.unfinished() == 0);
    assertEquals(List.of("memory"), turnedAway);
    try (RawClient third = RawClient.to(server.port())) {
      third.send(head);
      third.send(new byte[250_000]);
      assertEquals(200, third.answer().status());
    }
  }

  @Test
  void connectionsBeyondTheMostAreClosed() throws Exception {
    HttpServer server = server(intake(LONG, LONG, LONG));
    try (RawClient a = RawClient.to(server.port());
        RawClient b = RawClient.to(server.port());
        RawClient c = RawClient.to(server.port())) {
      Await.until("three are open", () -> server.connections() == 3);
      try (RawClient d = RawClient.to(server.port())) {
        assertTrue(d.ended());
      }
      for (RawClient client : List.of(a, b, c)) {
        client.send(POST + "content-length: 2\r\n\r\n{}");
        assertEquals(200, client.answer().status());
      }
    }
    assertEquals(List.of("connections"), turnedAway);
  }

  @Test
  void aClientThatWaitsToBeAskedIsAskedWhenItsKeyIsKnown() throws Exception {
    HttpServer server = server(intake(LONG, LONG, LONG));
    String expecting = POST + "expect: 100-continue\r\ncontent-length: 2\r\n";
    try (RawClient client = RawClient.to(server.port())) {
      client.send(expecting + "\r\n");
      assertEquals(100, client.answer().status());
      client.send("{}");
      assertEquals("{\"bytes\":2}", client.answer().body());
      client.send(expecting + "x-deny: 1\r\n\r\n");
      assertEquals(401, client.answer().status());
    }
    try (RawClient client = RawClient.to(server.port())) {
      client.send(expecting.replace("100-continue", "miracles") + "\r\n");
      assertEquals(417, client.answer().status());
    }
  }

  @Test
  void whatCouldBeReadInTwoWaysIsNoRequest() throws Exception {
    HttpServer server = server(intake(LONG, LONG, LONG));
    Map<String, String> bad = new HashMap<>();
    bad.put("two lengths", "content-length: 2\r\ncontent-length: 3\r\n\r\n{}");
    bad.put("a length that is none", "content-length: +2\r\n\r\n{}");
    bad.put("a negative length", "content-length: -2\r\n\r\n{}");
    bad.put("a chunk without a size", "transfer-encoding: chunked\r\n\r\nxyz\r\n{}\r\n0\r\n\r\n");
    bad.put("a negative chunk", "transfer-encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n");
    bad.put("a space before the colon", "content-length : 2\r\n\r\n{}");
    bad.put("no chunks", "transfer-encoding: gzip\r\n\r\n{}");
    bad.put("another coding", "transfer-encoding: chunked, gzip\r\n\r\n{}\r\n");
    for (Map.Entry<String, String> e : bad.entrySet()) {
      try (RawClient client = RawClient.to(server.port())) {
        client.send(POST + e.getValue());
        assertEquals(400, client.answer().status(), e.getKey());
        assertTrue(client.ended(), e.getKey());
      }
    }
    try (RawClient client = RawClient.to(server.port())) {
      client.send(POST + "x-large: " + "x".repeat(20_000) + "\r\n\r\n");
      assertEquals(431, client.answer().status());
    }
  }

  @Test
  void aLengthBesideChunksIsNotBelieved() throws Exception {
    HttpServer server = server(intake(LONG, LONG, LONG));
    try (RawClient client = RawClient.to(server.port())) {
      client.send(
          POST + "content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n");
      RawClient.Answer answer = client.answer();
      assertTrue(
          answer.status() == 400 || answer.body().equals("{\"bytes\":2}"), answer.toString());
    }
  }

  private static byte[] request(String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                ":method",
                "POST",
                ":scheme",
                "http",
                ":authority",
                "x",
                ":path",
                "/v1/echo",
                "content-type",
                "application/json"));
    all.addAll(List.of(more));
    return RawHttp2.block(all.toArray(String[]::new));
  }

  @Test
  void http2AnnouncesItsLimits() throws Exception {
    HttpServer server = server(intake(LONG, LONG, LONG));
    try (RawHttp2 client = RawHttp2.to(server.port())) {
      RawHttp2.Frame settings = client.await(RawHttp2.SETTINGS, f -> f.flags() == 0);
      Map<Integer, Integer> values = new HashMap<>();
      for (int at = 0; at < settings.payload().length; at += 6) {
        values.put(settings.number(at) >>> 16, settings.number(at + 2));
      }
      assertEquals(7, values.get(3));
      assertEquals(16 * 1024, values.get(6));
    }
  }

  @Test
  void streamsThatAreOpenedAndResetEndTheConnection() throws Exception {
    HttpServer server = server(intake(LONG, LONG, LONG));
    try (RawHttp2 client = RawHttp2.to(server.port())) {
      for (int stream = 1; stream < 20; stream += 2) {
        client.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream, request());
        client.send(RawHttp2.RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
      }
      RawHttp2.Frame away = client.await(RawHttp2.GOAWAY, f -> true);
      assertEquals(11, away.number(4)); // ENHANCE_YOUR_CALM
    }
    Await.until("it is counted", () -> turnedAway.contains("calm"));
  }

  @Test
  void aStreamIsEndedWithoutAnErrorAfterAnEarlyAnswer() throws Exception {
    HttpServer server = server(intake(LONG, LONG, LONG));
    try (RawHttp2 client = RawHttp2.to(server.port())) {
      client.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, request("x-deny", "1"));
      client.await(RawHttp2.DATA, f -> (f.flags() & RawHttp2.END_STREAM) != 0);
      for (int i = 0; i < 5; i++) {
        client.send(RawHttp2.DATA, 0, 1, new byte[16_000]);
      }
      assertEquals(0, client.await(RawHttp2.RST_STREAM, f -> f.stream() == 1).number(0));
      client.send(
          RawHttp2.HEADERS, RawHttp2.END_HEADERS | RawHttp2.END_STREAM, 3, request("x-deny", "1"));
      client.await(RawHttp2.DATA, f -> f.stream() == 3);
    }
  }

  @Test
  void aFrameThatDoesNotEndIsNotWaitedForWithoutLimit() throws Exception {
    HttpServer server = server(intake(SHORT, LONG, LONG));
    try (RawHttp2 client = RawHttp2.to(server.port())) {
      client.await(RawHttp2.SETTINGS, f -> f.flags() == 1);
      client.bytes(new byte[] {0, 1, 0, RawHttp2.HEADERS, RawHttp2.END_HEADERS, 0, 0, 0, 1, 0});
      client.awaitEnd();
    }
    assertTrue(turnedAway.contains("head_timeout"));
  }

  @Test
  void aBodyOfHttp2ThatStandsStillIs408() throws Exception {
    HttpServer server = server(intake(LONG, SHORT, LONG));
    try (RawHttp2 client = RawHttp2.to(server.port())) {
      client.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, request());
      RawHttp2.Frame body = client.await(RawHttp2.DATA, f -> f.payload().length > 0);
      assertTrue(new String(body.payload(), StandardCharsets.UTF_8).contains("request_timeout"));
      assertEquals(0, client.await(RawHttp2.RST_STREAM, f -> f.stream() == 1).number(0));
    }
    assertFalse(turnedAway.isEmpty());
  }
}
