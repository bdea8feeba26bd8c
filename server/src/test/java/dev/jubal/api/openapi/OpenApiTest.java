package dev.jubal.api.openapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.testing.JubalServer;
import dev.jubal.testing.OpenApiCheck;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OpenApiTest {
  private JubalServer server;
  private OpenApiCheck openApi;

  @BeforeAll
  void start() throws Exception {
    server = JubalServer.scripted("{\"answers\":[{\"steps\":[{\"text\":\"Hi\"}]}]}");
    openApi = OpenApiCheck.of(server.http(""));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void everyReferenceLeadsSomewhereAndEveryIdIsUnique() {
    assertEquals("3.1.0", openApi.document().path("openapi").stringValue());
    assertEquals(List.of(), openApi.danglingReferences());
    List<String> ids = openApi.document().path("paths").findValuesAsString("operationId");
    assertEquals(ids.size(), new TreeSet<>(ids).size(), ids.toString());
  }

  @Test
  void requestsAreDescribedByTheRulesThatCheckThem() {
    JsonNode schema = openApi.document().at("/components/schemas/EmbeddingsRequest");
    assertEquals("[\"model\",\"input\"]", schema.path("required").toString());
    assertEquals("[\"integer\",\"null\"]", schema.at("/properties/dimensions/type").toString());
    assertEquals(1, schema.at("/properties/dimensions/minimum").intValue());
    assertEquals(
        "[\"float\",\"base64\",null]", schema.at("/properties/encoding_format/enum").toString());
    assertEquals("[\"string\",\"array\"]", schema.at("/properties/input/type").toString());
  }

  @Test
  void chatAnswersAreAsDescribedInBothForms() throws Exception {
    String body = "\"model\":\"grok-4\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";
    String path = "/v1/chat/completions";
    openApi.check("POST", path, server.http().post(path, "{" + body + "}"));
    openApi.check("POST", path, server.http().post(path, "{" + body + ",\"stream\":true}"));
    openApi.check("POST", path, server.http().post(path, "{"));
    openApi.check("POST", path, server.http("").post(path, "{" + body + "}"));
  }

  @Test
  void theCheckItselfSeesWhatIsNotDescribed() {
    String text = "{\"user_id\":\"u\"}";
    assertThrows(
        AssertionError.class, () -> openApi.check("GET", "/v1/me", 200, "application/json", text));
    AssertionError extra =
        assertThrows(
            AssertionError.class,
            () ->
                openApi.check(
                    "GET",
                    "/v1/models",
                    200,
                    "application/json",
                    "{\"object\":\"list\",\"data\":[],\"more\":1}"));
    assertTrue(String.valueOf(extra.getMessage()).contains("more"), extra.getMessage());
  }
}
