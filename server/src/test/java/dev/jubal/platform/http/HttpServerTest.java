package dev.jubal.platform.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.json.WireReader;
import dev.jubal.testing.Await;
import dev.jubal.testing.Http;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The port: routes, statuses, limits, streams, departures, drain. */
class HttpServerTest {
  private final Routes routes = new Routes();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final AtomicReference<Exchange> seen = new AtomicReference<>();
  private final CountDownLatch release = new CountDownLatch(1);
  private final List<RequestObserver.Finished> finished =
      new java.util.concurrent.CopyOnWriteArrayList<>();
  private HttpServer server = server(config(0));
  private Http http = new Http(0, "");

  record Echo(String text) {}

  @Test
  void aPathThatTheFrameworkRefusesIsAnErrorAsAnyOther() throws Exception {
    for (String path : List.of("/v1/things/%00", "/v1/things/%0EA", "/%2e%2e/x")) {
      String answer = exchange("GET " + path + " HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
      assertTrue(answer.startsWith("HTTP/1.1 40"), answer);
      assertTrue(answer.contains("content-type: application/json\r\n"), answer);
      assertTrue(answer.contains("{\"error\":{\"message\":"), answer);
      assertTrue(answer.contains("x-request-id: "), answer);
    }
  }

  @Test
  void aPathThatCannotBeDecodedIsNotFound() throws Exception {
    String answer = exchange("GET /v1/zz%zz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    assertTrue(answer.startsWith("HTTP/1.1 40"), answer);
    assertTrue(answer.contains("{\"error\":{\"message\":"), answer);
  }

  private String exchange(String request) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @BeforeEach
  void start() {
    add(Route.get("/v1/things/{id}"), (call, x) -> x.json(200, Map.of("id", call.param("id"))));
    add(
        Route.post("/v1/echo").takes(Echo.class),
        (call, x) -> x.json(200, WireReader.read(call.takeBody(), Echo.class).value()));
    add(Route.get("/v1/defect"), (call, x) -> Integer.parseInt("x"));
    add(Route.get("/v1/stream"), this::stream);
    add(Route.get("/v1/wait"), this::await);
    server.start();
    http = new Http(server.port(), "");
  }

  @AfterEach
  void stop() {
    release.countDown();
    server.close();
    clock.shutdownNow();
  }

  @Test
  void aPathParameterReachesTheHandler() throws Exception {
    assertEquals("{\"id\":\"a b\"}", http.get("/v1/things/a%20b").body());
  }

  @Test
  void anUnknownPathIs404AndAWrongMethod405() throws Exception {
    assertEquals(404, http.get("/nowhere").statusCode());
    HttpResponse<String> wrong = http.get("/v1/echo");
    assertEquals(405, wrong.statusCode());
    assertTrue(wrong.body().contains("expected: POST"), wrong.body());
  }

  @Test
  void aBodyThatIsNoJsonNamesThePlace() throws Exception {
    HttpResponse<String> r = http.post("/v1/echo", "{\"text\": ");
    assertEquals(400, r.statusCode());
    assertEquals("invalid_json", Json.mapper().readTree(r.body()).at("/error/code").stringValue());
  }

  @Test
  void aBodyWithoutAJsonTypeIs415() throws Exception {
    HttpRequest.Builder text =
        http.request("/v1/echo")
            .header("content-type", "text/plain")
            .POST(HttpRequest.BodyPublishers.ofString("{}"));
    assertEquals(415, http.send(text).statusCode());
  }

  @Test
  void aBodyOverTheLimitIs413DeclaredOrChunked() throws Exception {
    String big = "{\"text\":\"" + "x".repeat(20_000) + "\"}";
    assertEquals(413, http.post("/v1/echo", big).statusCode());
    HttpRequest.Builder chunked =
        http.request("/v1/echo")
            .header("content-type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofInputStream(
                    () -> new java.io.ByteArrayInputStream(big.getBytes(StandardCharsets.UTF_8))));
    assertEquals(413, http.send(chunked).statusCode());
  }

  @Test
  void aDefectIsA500ThatNamesTheRequestIdAndNothingElse() throws Exception {
    HttpResponse<String> r = http.get("/v1/defect");
    assertEquals(500, r.statusCode());
    String id = r.headers().firstValue("x-request-id").orElseThrow();
    assertTrue(r.body().contains(id) && !r.body().contains("NumberFormat"), r.body());
  }

  @Test
  void anErrorOfTheVirtualMachineIsA500Too() throws Exception {
    routes.add(
        Route.get("/v1/error")
            .access(Access.PUBLIC, "test")
            .handle(
                (c, x) -> {
                  throw new NoClassDefFoundError("gone");
                }));
    assertEquals(500, http.get("/v1/error").statusCode());
  }

  @Test
  void theClientsOwnRequestIdComesBackUnderAnotherName() throws Exception {
    HttpResponse<String> r =
        http.send(http.request("/v1/things/1").header("X-Request-Id", "mine").GET());
    assertEquals(Optional.of("mine"), r.headers().firstValue("x-client-request-id"));
    assertFalse(r.headers().firstValue("x-request-id").orElseThrow().equals("mine"));
  }

  @Test
  void aSilentStreamGetsHeartbeatsAndEventsComeOneByOne() throws Exception {
    HttpResponse<InputStream> r =
        http.client()
            .send(
                http.request("/v1/stream").GET().build(),
                HttpResponse.BodyHandlers.ofInputStream());
    assertEquals(Optional.of("text/event-stream"), r.headers().firstValue("content-type"));
    InputStream in = r.body();
    assertEquals(": heartbeat\n\n", new String(in.readNBytes(13), StandardCharsets.UTF_8));
    release.countDown();
    String rest = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(rest.endsWith("event: e\ndata: {\"n\":1}\n\ndata: [DONE]\n\n"), rest);
  }

  @Test
  void aClientThatLeavesCancelsTheWork() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket
          .getOutputStream()
          .write("GET /v1/wait HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      Await.until("the handler runs", () -> seen.get() != null);
    }
    Await.until("the exchange is cancelled", () -> seen.get().gone().cancelled());
    assertEquals(ErrorCode.CLIENT_CLOSED_REQUEST, seen.get().gone().reason().orElseThrow().code());
    Await.until("the observer is told", () -> finished.stream().anyMatch(f -> f.status() == 499));
  }

  @Test
  void aDrainLetsARunningRequestFinishAndRefusesNewOnes() throws Exception {
    var running =
        http.client()
            .sendAsync(
                http.request("/v1/wait").GET().build(), HttpResponse.BodyHandlers.ofString());
    Await.until("the handler runs", () -> seen.get() != null);
    Thread drain = Thread.ofVirtual().start(this::drain);
    Await.until("the listener is closed", () -> !connects());
    release.countDown();
    assertEquals(200, running.get(10, TimeUnit.SECONDS).statusCode());
    drain.join();
  }

  @Test
  void aDrainEndsWhatStaysTooLongWithATypedError() throws Exception {
    var running =
        http.client()
            .sendAsync(
                http.request("/v1/wait").GET().build(), HttpResponse.BodyHandlers.ofString());
    Await.until("the handler runs", () -> seen.get() != null);
    drain();
    HttpResponse<String> r = running.get(10, TimeUnit.SECONDS);
    assertEquals(503, r.statusCode());
    assertTrue(r.body().contains("service_unavailable"), r.body());
  }

  @Test
  void aTakenPortIsAClearError() {
    HttpServer second = server(config(server.port()));
    ConfigException e = assertThrows(ConfigException.class, second::start);
    assertTrue(String.valueOf(e.getMessage()).contains("in use"), e.getMessage());
  }

  @Test
  void anOpenAddressWithoutTlsIsRefusedWithTheLineThatPermitsIt() {
    HttpConfig open =
        new HttpConfig(
            0,
            "0.0.0.0",
            Optional.empty(),
            Optional.empty(),
            false,
            1,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ofSeconds(1));
    ConfigException e = assertThrows(ConfigException.class, () -> server(open));
    assertTrue(String.valueOf(e.getMessage()).contains("--behind-proxy"), e.getMessage());
  }

  private void stream(Call call, Exchange x) throws InterruptedException {
    try (SseStream out = x.sse()) {
      release.await();
      out.event("e", Json.bytes(Map.of("n", 1)));
      out.event(null, "[DONE]".getBytes(StandardCharsets.US_ASCII));
    }
  }

  private void await(Call call, Exchange x) throws InterruptedException {
    AtomicInteger cancelled = new AtomicInteger();
    x.gone().onCancel(cancelled::incrementAndGet);
    x.gone().onCancel(release::countDown);
    seen.set(x);
    release.await();
    if (cancelled.get() > 0) {
      throw x.gone().reason().orElseThrow();
    }
    x.json(200, Map.of());
  }

  private void drain() {
    try {
      server.drain();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean connects() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      return socket.isConnected();
    } catch (java.io.IOException e) {
      return false;
    }
  }

  private void add(Route.Builder route, Handler handler) {
    routes.add(route.access(Access.PUBLIC, "test").summary("test").handle(handler));
  }

  private static HttpConfig config(int port) {
    return new HttpConfig(
        port,
        "127.0.0.1",
        Optional.empty(),
        Optional.empty(),
        false,
        10_000,
        Duration.ofSeconds(2),
        Duration.ZERO,
        Duration.ofMillis(50));
  }

  private HttpServer server(HttpConfig config) {
    return new HttpServer(
        config,
        new HttpServer.Parts(
            routes,
            call -> null,
            new OpenAiErrors(),
            clock,
            () -> java.util.UUID.randomUUID().toString(),
            finished::add));
  }

  @Test
  void anApiExceptionCarriesRetryAfter() throws Exception {
    routes.add(
        Route.get("/v1/busy")
            .access(Access.PUBLIC, "test")
            .handle(
                (c, x) -> {
                  throw ApiException.retry(
                      ErrorCode.CAPACITY_EXCEEDED, "full", Duration.ofMillis(6_100));
                }));
    HttpResponse<String> r = http.get("/v1/busy");
    assertEquals(498, r.statusCode());
    assertEquals(Optional.of("7"), r.headers().firstValue("retry-after"));
    assertEquals(Optional.of("true"), r.headers().firstValue("x-should-retry"));
  }
}
