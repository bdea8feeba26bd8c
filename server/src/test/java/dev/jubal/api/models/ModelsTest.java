package dev.jubal.api.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.json.Json;
import dev.jubal.testing.Http;
import dev.jubal.testing.JubalServer;
import dev.jubal.testing.OpenApiCheck;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ModelsTest {
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

  private JsonNode get(Http http, String path, int status) throws Exception {
    HttpResponse<String> answer = http.get(path);
    assertEquals(status, answer.statusCode(), answer.body());
    openApi.check("GET", path, answer);
    return Json.mapper().readTree(answer.body());
  }

  @Test
  void everyNameAndAliasIsListedUnderItsOwnId() throws Exception {
    JsonNode list = get(server.http(), "/v1/models", 200);
    assertEquals("list", list.path("object").stringValue());
    List<String> ids = list.path("data").findValuesAsString("id");
    assertTrue(
        ids.containsAll(
            List.of("grok-4", "grok-4-latest", "grok-1", "v1", "grok-embed", "grok-4-fast")));
    assertEquals(ids.size(), ids.stream().distinct().count());
  }

  @Test
  void publishedFiguresStandApartFromWhatIsThereNow() throws Exception {
    JsonNode model = get(server.http(), "/v1/models/grok-4", 200);
    assertEquals("model", model.path("object").stringValue());
    assertEquals("xai", model.path("owned_by").stringValue());
    assertTrue(model.path("backend").stringValue().startsWith("scripted/"));
    assertEquals(30_000, model.path("prompt_text_token_price").intValue());
    assertEquals(150_000, model.path("completion_text_token_price").intValue());
    JsonNode published = model.path("published");
    assertEquals(256_000, published.path("context_length").intValue());
    assertEquals("2024-11", published.path("knowledge_cutoff").stringValue());
    assertTrue(model.path("context_length").longValue() != 256_000);
    assertEquals("[\"text\",\"image\"]", model.path("input_modalities").toString());
    assertEquals("described", model.path("pictures").stringValue());
    assertEquals("[\"text\",\"image\"]", published.path("input_modalities").toString());
  }

  @Test
  void anAliasSaysWhoseItIs() throws Exception {
    JsonNode alias = get(server.http(), "/v1/language-models/grok-4-0709", 200);
    assertEquals("grok-4-0709", alias.path("id").stringValue());
    assertEquals("grok-4", alias.path("alias_of").stringValue());
    JsonNode own = get(server.http(), "/v1/language-models/grok-4", 200);
    assertTrue(own.path("aliases").toString().contains("grok-4-0709"));
    assertFalse(own.has("alias_of"));
  }

  @Test
  void longPromptsHaveTheirOwnPrice() throws Exception {
    JsonNode model = get(server.http(), "/v1/models/grok-4.6", 200);
    assertEquals(200_000, model.path("long_context_threshold").intValue());
    assertEquals(40_000, model.path("prompt_text_token_price_long_context").intValue());
  }

  @Test
  void listsByKind() throws Exception {
    Http http = server.http();
    List<String> embeddings =
        get(http, "/v1/embedding-models", 200).path("models").findValuesAsString("id");
    assertEquals(List.of("bge-small-en-v1.5", "v1", "grok-embed"), embeddings);
    assertFalse(
        get(http, "/v1/language-models", 200)
            .path("models")
            .findValuesAsString("id")
            .contains("v1"));
    assertEquals(0, get(http, "/v1/image-generation-models", 200).path("models").size());
    assertEquals(0, get(http, "/v1/video-generation-models", 200).path("models").size());
    get(http, "/v1/image-generation-models/grok-4", 404);
    get(http, "/v1/video-generation-models/x", 404);
    get(http, "/v1/embedding-models/grok-4", 404);
  }

  @Test
  void anUnknownNameIsA404WithTheNearest() throws Exception {
    JsonNode error = get(server.http(), "/v1/models/grok-5", 404).path("error");
    assertEquals("model_not_found", error.path("code").stringValue());
    assertTrue(error.path("message").stringValue().contains("grok-3"), error.toString());
  }

  @Test
  void aKeySeesOnlyWhatItMayUse() throws Exception {
    String secret =
        server
            .jubal()
            .keys()
            .create(
                "narrow",
                List.of("api-key:endpoint:*", "api-key:model:grok-3", "api-key:model:grok-4-fast"),
                Optional.empty())
            .secret()
            .reveal();
    Http http = server.http(secret);
    List<String> ids = get(http, "/v1/models", 200).path("data").findValuesAsString("id");
    assertEquals(List.of("grok-4-fast", "grok-3", "grok-3-latest", "grok-3-beta"), ids);
    get(http, "/v1/models/grok-4", 403);
    JsonNode error = get(http, "/v1/models/grok-9", 404).path("error");
    assertFalse(error.path("message").stringValue().contains("grok-4."), error.toString());
  }
}
