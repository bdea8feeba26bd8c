package dev.jubal.api.embeddings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.json.Json;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.OpenApiCheck;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.Collections;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class EmbeddingsTest {
  private static final String PATH = "/v1/embeddings";

  private JubalServer server;
  private OpenApiCheck openApi;

  @BeforeAll
  void start() throws Exception {
    server = JubalServer.scripted("{\"answers\":[{\"steps\":[{\"text\":\"Hi\"}]}]}");
    openApi = OpenApiCheck.of(server.http());
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private JsonNode post(String rest, int status) throws Exception {
    HttpResponse<String> answer = server.http().post(PATH, "{\"model\":\"v1\"," + rest + "}");
    assertEquals(status, answer.statusCode(), answer.body());
    openApi.check("POST", PATH, answer);
    if (status == 200) {
      assertEquals(
          "onnx/bge-small-en-v1.5", answer.headers().firstValue("x-jubal-backend").orElse(""));
    }
    return Json.mapper().readTree(answer.body());
  }

  @Test
  void oneTextIsOneVectorUnderTheNameAsked() throws Exception {
    JsonNode answer = post("\"input\":\"hello\",\"user\":\"u\"", 200);
    assertEquals("list", answer.path("object").stringValue());
    assertEquals("v1", answer.path("model").stringValue());
    assertEquals(384, answer.at("/data/0/embedding").size());
    assertEquals(3, answer.at("/usage/prompt_tokens").intValue());
    assertEquals(3, answer.at("/usage/total_tokens").intValue());
    assertEquals(0, answer.at("/usage/cost_in_usd_ticks").intValue());
  }

  @Test
  void base64IsTheSameVector() throws Exception {
    JsonNode floats = post("\"input\":\"hello\"", 200).at("/data/0/embedding");
    JsonNode text = post("\"input\":\"hello\",\"encoding_format\":\"base64\"", 200);
    byte[] bytes = Base64.getDecoder().decode(text.at("/data/0/embedding").stringValue());
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(384 * 4, bytes.length);
    for (JsonNode value : floats) {
      assertEquals(value.floatValue(), buffer.getFloat());
    }
  }

  @Test
  void fewerDimensionsAreCutAndOfUnitLength() throws Exception {
    JsonNode full = post("\"input\":\"hello\"", 200).at("/data/0/embedding");
    JsonNode cut = post("\"input\":\"hello\",\"dimensions\":8", 200).at("/data/0/embedding");
    assertEquals(8, cut.size());
    double length = 0;
    for (JsonNode v : cut) {
      length += v.doubleValue() * v.doubleValue();
    }
    assertEquals(1, length, 1e-5);
    double scale = cut.get(0).doubleValue() / full.get(0).doubleValue();
    assertEquals(full.get(7).doubleValue() * scale, cut.get(7).doubleValue(), 1e-5);
  }

  @Test
  void moreDimensionsThanThereAreNamesBothCounts() throws Exception {
    String message = message(post("\"input\":\"hello\",\"dimensions\":385", 400), "dimensions");
    assertTrue(message.contains("385") && message.contains("384"), message);
    message(post("\"input\":\"hello\",\"dimensions\":0", 400), "dimensions");
  }

  @Test
  void aTextOverTheWindowNamesBothCounts() throws Exception {
    JsonNode error = post("\"input\":[\"ok\",\"" + "word ".repeat(600) + "\"]", 400);
    String message = error.at("/error/message").stringValue();
    assertEquals("context_length_exceeded", error.at("/error/code").stringValue());
    assertTrue(message.contains("602") && message.contains("512"), message);
  }

  @Test
  void inputsOfEveryForm() throws Exception {
    assertEquals(2, post("\"input\":[\"a\",\"b\"]", 200).path("data").size());
    assertEquals(1, post("\"input\":[9906]", 200).path("data").size());
    assertEquals(2, post("\"input\":[[9906],[9906,1917]]", 200).path("data").size());
    String most = String.join(",", Collections.nCopies(128, "\"a\""));
    assertEquals(128, post("\"input\":[" + most + "]", 200).path("data").size());
    assertTrue(message(post("\"input\":[" + most + ",\"a\"]", 400), "input").contains("129"));
  }

  @Test
  void badInputsNameTheField() throws Exception {
    message(post("\"input\":\"\"", 400), "input");
    message(post("\"input\":[]", 400), "input");
    message(post("\"input\":[\"a\",\"\"]", 400), "input[1]");
    message(post("\"input\":[\"a\",3]", 400), "input[1]");
    message(post("\"input\":[1,\"a\"]", 400), "input");
    message(post("\"input\":[[]]", 400), "input[0]");
    message(post("\"input\":5", 400), "input");
    message(post("\"x\":5", 400), "input");
    message(post("\"input\":\"a\",\"encoding_format\":\"hex\"", 400), "encoding_format");
  }

  @Test
  void aLanguageModelMakesNoVectors() throws Exception {
    HttpResponse<String> answer =
        server.http().post(PATH, "{\"model\":\"grok-4\",\"input\":\"a\"}");
    assertEquals(404, answer.statusCode(), answer.body());
    openApi.check("POST", PATH, answer);
  }

  private static String message(JsonNode answer, String param) {
    assertEquals(param, answer.at("/error/param").stringValue(), answer.toString());
    return answer.at("/error/message").stringValue();
  }
}
