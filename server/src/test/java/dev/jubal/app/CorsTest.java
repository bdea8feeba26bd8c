package dev.jubal.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.config.ConfigException;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.RawClient;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What browsers are told, byte for byte. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CorsTest {
  private static final String SCRIPT = "{\"answers\":[{\"steps\":[{\"text\":\"Hi\"}]}]}";
  private static final String APP = "https://app.example.com";
  private static final String BODY =
      "{\"model\":\"grok-3\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  private JubalServer server;
  private JubalServer closed;

  @BeforeAll
  void start() {
    server = JubalServer.scripted(SCRIPT, "cors.origins", APP + ", http://localhost:5173");
    closed = JubalServer.scripted(SCRIPT);
  }

  @AfterAll
  void stop() {
    server.close();
    closed.close();
  }

  private static RawClient.Answer ask(JubalServer of, String head, String body) throws Exception {
    try (RawClient client = RawClient.to(of.port())) {
      client.send(
          head
              + "\r\nHost: 127.0.0.1\r\n"
              + (body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n")
              + "\r\n"
              + body);
      return client.answer();
    }
  }

  private static RawClient.Answer preflight(JubalServer of, String origin) throws Exception {
    return ask(
        of,
        "OPTIONS /v1/chat/completions HTTP/1.1\r\nOrigin: "
            + origin
            + "\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers:"
            + " authorization,content-type,x-stainless-os,b\u00e4d",
        "");
  }

  private static RawClient.Answer chat(JubalServer of, String origin, String key) throws Exception {
    return ask(
        of,
        "POST /v1/chat/completions HTTP/1.1\r\nOrigin: "
            + origin
            + "\r\nAuthorization: Bearer "
            + key
            + "\r\nContent-Type: application/json",
        BODY);
  }

  private static void silent(Map<String, String> headers) {
    for (String name : headers.keySet()) {
      assertFalse(name.startsWith("access-control-"), headers.toString());
    }
  }

  @Test
  void aListedOriginMayAsk() throws Exception {
    RawClient.Answer may = preflight(server, APP);
    assertEquals(204, may.status());
    assertEquals(APP, may.headers().get("access-control-allow-origin"));
    assertTrue(may.headers().getOrDefault("access-control-allow-methods", "").contains("POST"));
    assertEquals(
        "authorization, content-type, x-stainless-os",
        may.headers().get("access-control-allow-headers"));
    assertEquals("600", may.headers().get("access-control-max-age"));
    assertFalse(may.headers().containsKey("access-control-allow-credentials"));
  }

  @Test
  void aListedOriginReadsTheAnswerAndWhatStandsAboutLimits() throws Exception {
    RawClient.Answer answer = chat(server, APP, server.key());
    assertEquals(200, answer.status(), answer.body());
    assertEquals(APP, answer.headers().get("access-control-allow-origin"));
    assertEquals("origin", answer.headers().get("vary"));
    String exposed = answer.headers().getOrDefault("access-control-expose-headers", "");
    for (String name :
        new String[] {"x-request-id", "x-ratelimit-remaining-tokens", "retry-after"}) {
      assertTrue(exposed.contains(name), exposed);
    }
    assertFalse(answer.headers().containsKey("access-control-allow-credentials"));
    RawClient.Answer refused = chat(server, APP, "xai-nobody");
    assertEquals(401, refused.status());
    assertEquals(APP, refused.headers().get("access-control-allow-origin"));
  }

  @Test
  void anotherOriginIsToldNothing() throws Exception {
    for (String origin : new String[] {"https://evil.test", "null", APP + ".evil.test"}) {
      RawClient.Answer refused = preflight(server, origin);
      assertEquals(403, refused.status());
      assertTrue(refused.body().contains("cors.origins"), refused.body());
      silent(refused.headers());
      silent(chat(server, origin, server.key()).headers());
    }
  }

  @Test
  void withoutAListNothingIsSaid() throws Exception {
    RawClient.Answer refused = preflight(closed, APP);
    assertEquals(405, refused.status());
    silent(refused.headers());
    RawClient.Answer answer = chat(closed, APP, closed.key());
    assertEquals(200, answer.status());
    silent(answer.headers());
    assertFalse(answer.headers().containsKey("vary"));
  }

  @Test
  void optionsWithoutAnOriginIsAnUnknownMethod() throws Exception {
    assertEquals(405, ask(server, "OPTIONS /v1/models HTTP/1.1", "").status());
  }

  @Test
  void whatIsNoOriginStopsTheStart() {
    for (String wrong : new String[] {"*", "https://*.example.com", "app.example.com", APP + "/"}) {
      ConfigException refused =
          assertThrows(
              ConfigException.class, () -> JubalServer.scripted(SCRIPT, "cors.origins", wrong));
      assertTrue(String.valueOf(refused.getMessage()).contains(wrong), refused.getMessage());
    }
  }
}
