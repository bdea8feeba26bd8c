package dev.jubal.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.json.Json;
import dev.jubal.testing.Await;
import dev.jubal.testing.Drawing;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.RawServer;
import java.awt.Color;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Pictures through the whole server, whose script answers by what it was shown. */
final class PictureTest {
  private static final String SCRIPT =
      """
      {"answers":[
        {"match":"has no eyes","steps":[{"text":"told"}]},
        {"match":"data:image/png;base64,","steps":[{"text":"seen"}]},
        {"steps":[{"text":"neither"}]}]%s}
      """;
  private static final byte[] PNG = Drawing.plain("png", 300, 200, Color.RED);

  private static JubalServer blind;
  private static JubalServer guarded;
  private static JubalServer sighted;

  @BeforeAll
  static void start() {
    blind =
        JubalServer.scripted(
            SCRIPT.formatted(""), "net.allowed-networks", "127.0.0.1/32", "sight.ocr", "off");
    guarded = JubalServer.scripted(SCRIPT.formatted(""), "sight.ocr", "off");
    sighted = JubalServer.scripted(SCRIPT.formatted(",\"sees\":true"));
  }

  @AfterAll
  static void stop() {
    blind.close();
    guarded.close();
    sighted.close();
  }

  private static HttpResponse<String> chat(JubalServer server, String image) throws Exception {
    return server
        .http()
        .post(
            "/v1/chat/completions",
            """
            {"model":"grok-4","messages":[{"role":"user","content":[
              {"type":"text","text":"What is it?"},{"type":"image_url","image_url":%s}]}]}
            """
                .formatted(image));
  }

  private static HttpResponse<String> respond(JubalServer server, String image) throws Exception {
    return server
        .http()
        .post(
            "/v1/responses",
            """
            {"model":"grok-4","store":false,"input":[{"role":"user","content":[
              {"type":"input_text","text":"What is it?"},
              {"type":"input_image","image_url":"%s","detail":"low"}]}]}
            """
                .formatted(image));
  }

  private static JsonNode tree(HttpResponse<String> answer) {
    return Json.tree(answer.body().getBytes(StandardCharsets.UTF_8));
  }

  private static String said(HttpResponse<String> answer) {
    assertEquals(200, answer.statusCode(), answer.body());
    JsonNode tree = tree(answer);
    return tree.has("choices")
        ? tree.at("/choices/0/message/content").stringValue()
        : tree.at("/output/0/content/0/text").stringValue();
  }

  private static String data() {
    return Drawing.dataUrl("image/png", PNG);
  }

  private static RawServer serving(byte[] bytes) throws Exception {
    return RawServer.saying(
        "HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ncontent-length: "
            + bytes.length
            + "\r\n\r\n"
            + new String(bytes, StandardCharsets.ISO_8859_1),
        true);
  }

  @Test
  void aBackendWithoutEyesIsTold() throws Exception {
    assertEquals("told", said(chat(blind, "{\"url\":\"" + data() + "\",\"detail\":\"low\"}")));
    assertEquals("told", said(chat(blind, "\"" + data() + "\"")));
    assertEquals("told", said(respond(blind, data())));
  }

  @Test
  void aBackendWithEyesSees() throws Exception {
    assertEquals("seen", said(chat(sighted, "\"" + data() + "\"")));
    assertEquals("seen", said(respond(sighted, data())));
  }

  @Test
  void aPictureIsFetchedWhereThatIsAllowed() throws Exception {
    try (RawServer pictures = serving(PNG)) {
      String url = "http://127.0.0.1:" + pictures.port() + "/a.png";
      assertEquals("told", said(chat(blind, "\"" + url + "\"")));
      HttpResponse<String> refused = chat(guarded, "{\"url\":\"" + url + "\"}");
      assertEquals(400, refused.statusCode());
      JsonNode error = tree(refused).get("error");
      assertEquals("messages[0].content[1].image_url.url", error.get("param").stringValue());
      assertEquals(
          "messages[0].content[1].image_url.url: The picture could not be fetched: the host is not"
              + " on the public internet (expected: a public address).",
          error.get("message").stringValue());
    }
  }

  @Test
  void whatIsFetchedIsCheckedToo() throws Exception {
    try (RawServer pictures = serving("<html>".getBytes(StandardCharsets.UTF_8))) {
      HttpResponse<String> refused =
          respond(blind, "http://127.0.0.1:" + pictures.port() + "/a.png");
      assertEquals(400, refused.statusCode());
      JsonNode error = tree(refused).get("error");
      assertEquals("input[0].content[1].image_url", error.get("param").stringValue());
      assertTrue(error.get("message").stringValue().contains("bytes of no known format"));
    }
  }

  @Test
  void deferredWorkLooksAtAPictureOnce() throws Exception {
    try (RawServer pictures = serving(PNG)) {
      HttpResponse<String> accepted =
          blind
              .http()
              .post(
                  "/v1/chat/completions",
                  """
                  {"model":"grok-4","deferred":true,"messages":[{"role":"user","content":[
                    {"type":"text","text":"What is it?"},{"type":"image_url",
                     "image_url":"http://127.0.0.1:%d/a.png"}]}]}
                  """
                      .formatted(pictures.port()));
      String path =
          "/v1/chat/deferred-completion/" + tree(accepted).path("request_id").stringValue();
      Await.until(
          "the work ends",
          () -> {
            try {
              return blind.http().get(path).statusCode() == 200;
            } catch (Exception e) {
              throw new AssertionError(e);
            }
          });
      assertEquals("told", said(blind.http().get(path)));
      assertEquals(1, pictures.accepted());
    }
  }

  @ParameterizedTest
  @CsvSource({"high,512", "low,256"})
  void picturesCountAsImageTokensWhateverWasSaidOfThem(String detail, long tokens)
      throws Exception {
    long words = 3 + systemWords();
    for (JubalServer server : new JubalServer[] {blind, sighted}) {
      JsonNode usage =
          tree(chat(server, "{\"url\":\"" + data() + "\",\"detail\":\"" + detail + "\"}"))
              .get("usage");
      assertEquals(tokens, usage.at("/prompt_tokens_details/image_tokens").longValue());
      assertEquals(words, usage.at("/prompt_tokens_details/text_tokens").longValue());
      assertEquals(words + tokens, usage.get("prompt_tokens").longValue());
    }
  }

  /** Of the system message that the catalogue may put before. */
  private static long systemWords() throws Exception {
    HttpResponse<String> answer =
        blind
            .http()
            .post(
                "/v1/chat/completions",
                "{\"model\":\"grok-4\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
    return tree(answer).at("/usage/prompt_tokens").longValue() - 1;
  }

  @Test
  void aPictureInWhatAToolGaveIsLookedAt() throws Exception {
    String body =
        """
        {"model":"grok-4","messages":[{"role":"user","content":"Look."},
          {"role":"assistant","content":"","tool_calls":[{"id":"c1","type":"function",
            "function":{"name":"camera","arguments":"{}"}}]},
          {"role":"tool","tool_call_id":"c1","content":[
            {"type":"text","text":"Here:"},{"type":"image_url","image_url":{"url":"%s"}}]}]}
        """;
    assertEquals("told", said(blind.http().post("/v1/chat/completions", body.formatted(data()))));
    HttpResponse<String> refused =
        blind.http().post("/v1/chat/completions", body.formatted("data:image/png;base64,AA"));
    assertEquals(
        "messages[2].content[1].image_url.url",
        tree(refused).at("/error/param").stringValue(),
        refused.body());
  }

  @Test
  void messagesAreToldToo() throws Exception {
    String body =
        """
        {"model":"grok-4","max_tokens":9,"messages":[{"role":"user","content":[
          {"type":"image","source":{"type":"base64","media_type":"image/png","data":"%s"}},
          {"type":"text","text":"What is it?"}]}]}
        """;
    HttpResponse<String> answer =
        blind.http().post("/v1/messages", body.formatted(Base64.getEncoder().encodeToString(PNG)));
    assertEquals("told", tree(answer).at("/content/0/text").stringValue(), answer.body());
    assertTrue(tree(answer).at("/usage/input_tokens").longValue() > 512, answer.body());
    HttpResponse<String> refused = blind.http().post("/v1/messages", body.formatted("AAAA"));
    assertEquals(400, refused.statusCode());
    assertTrue(
        tree(refused)
            .at("/error/message")
            .stringValue()
            .startsWith("messages[0].content[0].source.data: The picture is bytes of no known"),
        refused::body);
  }

  @Test
  void picturesAreCountedInMetrics() throws Exception {
    assertEquals("told", said(chat(blind, "\"" + data() + "\"")));
    assertEquals(400, chat(blind, "\"data:image/png;base64,AA==\"").statusCode());
    String metrics = blind.http().get("/metrics").body();
    assertTrue(metrics.contains("jubal_pictures_total{format=\"png\",source=\"data\"}"), metrics);
    assertTrue(
        metrics.contains("jubal_pictures_refused_total{cause=\"bad_picture\",source=\"data\"}"),
        metrics);
  }

  @Test
  void aPictureLargerThanTheLimitIsRefused() throws Exception {
    byte[] large = new byte[20 * 1024 * 1024 + 10];
    System.arraycopy(PNG, 0, large, 0, PNG.length);
    HttpResponse<String> refused =
        chat(blind, "\"data:image/png;base64," + Base64.getEncoder().encodeToString(large) + "\"");
    assertEquals(400, refused.statusCode());
    assertTrue(
        tree(refused).at("/error/message").stringValue().contains("at most 20 MiB"), refused::body);
  }
}
