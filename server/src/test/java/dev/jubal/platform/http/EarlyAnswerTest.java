package dev.jubal.platform.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.testing.RawClient;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the head tells is answered before the body is there, and the client can read it. */
final class EarlyAnswerTest {
  private static final int LIMIT = 4 << 20;
  private static final int LARGE = 3 << 20;

  private final AtomicInteger asked = new AtomicInteger();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final Routes routes = new Routes();
  private final HttpServer server =
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
              Duration.ofSeconds(15)),
          new HttpServer.Parts(
              routes,
              this::admit,
              new OpenAiErrors(),
              clock,
              () -> UUID.randomUUID().toString(),
              finished -> {}));

  record Echo(String text) {}

  private Object admit(Call call) {
    asked.incrementAndGet();
    if (call.header("authorization").isEmpty()) {
      throw new ApiException(ErrorCode.INVALID_API_KEY, "No key.");
    }
    return "caller";
  }

  @BeforeEach
  void start() {
    routes.add(
        Route.post("/v1/echo")
            .access(Access.KEY, "test")
            .takes(Echo.class)
            .handle((call, x) -> x.json(200, Map.of("bytes", call.takeBody().length))));
    routes.add(
        Route.post("/v1/messages")
            .access(Access.KEY, "test")
            .takes(Echo.class)
            .errors(new AnthropicErrors())
            .handle((call, x) -> x.json(200, Map.of())));
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
    clock.shutdownNow();
  }

  private static String head(String line, String... headers) {
    return line
        + " HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
        + String.join("", headers)
        + "\r\n";
  }

  @Test
  void anUnknownKeyIsAnsweredOnTheHeadAndTheClientMayFinishSending() throws Exception {
    try (RawClient client = RawClient.to(server.port())) {
      client.send(head("POST /v1/echo", "content-length: " + LARGE + "\r\n"));
      RawClient.Answer answer = client.answer();
      assertEquals(401, answer.status());
      assertEquals("close", answer.headers().get("connection"));
      client.send(new byte[LARGE]);
      assertTrue(client.ended());
    }
    assertEquals(1, asked.get());
  }

  @Test
  void aSmallBodyLeavesTheConnectionUsable() throws Exception {
    try (RawClient client = RawClient.to(server.port())) {
      client.send(head("POST /v1/echo", "content-length: 5\r\n"));
      RawClient.Answer answer = client.answer();
      assertEquals(401, answer.status());
      assertFalse(answer.headers().containsKey("connection"));
      client.send(
          "12345" + head("POST /v1/echo", "content-length: 2\r\n", "authorization: k\r\n") + "{}");
      assertEquals("{\"bytes\":2}", client.answer().body());
    }
  }

  @Test
  void aChunkedBodyIsNotWaitedForEither() throws Exception {
    try (RawClient client = RawClient.to(server.port())) {
      client.send(head("POST /v1/echo", "transfer-encoding: chunked\r\n"));
      assertEquals(401, client.answer().status());
      client.send("5\r\nabcde\r\n0\r\n\r\n");
      assertTrue(client.ended());
    }
  }

  @Test
  void theAnswerHasTheFormOfItsDialect() throws Exception {
    try (RawClient client = RawClient.to(server.port())) {
      client.send(head("POST /v1/messages", "content-length: " + LARGE + "\r\n"));
      RawClient.Answer answer = client.answer();
      assertEquals(401, answer.status());
      assertTrue(answer.body().contains("\"type\":\"authentication_error\""), answer.body());
    }
  }

  @Test
  void whatElseTheHeadTellsIsAnsweredWithoutTheBodyOrTheKey() throws Exception {
    String length = "content-length: " + LARGE + "\r\n";
    for (Map.Entry<String, Integer> e :
        Map.of(
                head("POST /v1/nothing", length), 404,
                head("DELETE /v1/echo", length), 405,
                head("POST /v1/echo", "content-length: " + (LIMIT + 1) + "\r\n"), 413,
                head("POST /v1/echo", length).replace("application/json", "text/plain"), 415)
            .entrySet()) {
      try (RawClient client = RawClient.to(server.port())) {
        client.send(e.getKey());
        assertEquals(e.getValue(), client.answer().status());
      }
    }
    assertEquals(0, asked.get());
  }

  @Test
  void aBodyThatGoesOnBeyondAllPatienceIsCutOff() throws Exception {
    try (RawClient client = RawClient.to(server.port())) {
      client.send(head("POST /v1/echo", "transfer-encoding: chunked\r\n"));
      assertEquals(401, client.answer().status());
      assertTrue(client.isCutOff());
    }
  }

  @Test
  void aLargeBodyOfAKnownKeyArrivesWhole() throws Exception {
    try (RawClient client = RawClient.to(server.port())) {
      client.send(
          head("POST /v1/echo", "content-length: " + LARGE + "\r\n", "authorization: k\r\n"));
      client.send(new byte[LARGE]);
      assertEquals("{\"bytes\":" + LARGE + "}", client.answer().body());
    }
    assertEquals(1, asked.get());
  }
}
