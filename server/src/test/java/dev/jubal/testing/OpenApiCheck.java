package dev.jubal.testing;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.jubal.platform.json.Json;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Holds answers against the server's own {@code /openapi.json}. Stricter than the document: a field
 * that it does not describe is an error here.
 */
public final class OpenApiCheck {
  private final ObjectNode document;
  private final Map<String, Schema> compiled = new ConcurrentHashMap<>();

  private OpenApiCheck(ObjectNode document) {
    this.document = document;
    document.path("components").path("schemas").properties().forEach(e -> close(e.getValue()));
  }

  /** Checks against the description a running server gives of itself. */
  public static OpenApiCheck of(Http http) throws IOException, InterruptedException {
    HttpResponse<String> answer = http.get("/openapi.json");
    if (answer.statusCode() != 200) {
      throw new AssertionError("/openapi.json: " + answer.statusCode() + " " + answer.body());
    }
    return new OpenApiCheck((ObjectNode) Json.tree(answer.body().getBytes(StandardCharsets.UTF_8)));
  }

  private static void close(JsonNode schema) {
    if (schema instanceof ObjectNode object && object.has("properties")) {
      object.put("additionalProperties", false);
    }
  }

  public JsonNode document() {
    return document;
  }

  /** Fails unless an answer is as described. */
  public void check(String method, String path, HttpResponse<String> answer) {
    String type = answer.headers().firstValue("content-type").orElse("");
    check(method, path, answer.statusCode(), type, answer.body());
  }

  /**
   * Fails unless an answer is as described.
   *
   * @param path a route's path or a path that matches it
   */
  public void check(String method, String path, int status, String contentType, String body) {
    JsonNode content = content(method, path, status);
    JsonNode schema = content.path(contentType).path("schema");
    String what = method + " " + path + " " + status + " " + contentType;
    if (schema.isMissingNode()) {
      throw new AssertionError(what + " is not described (expected: one of " + content + ")");
    }
    switch (contentType) {
      case "application/json" -> validate(schema, body, what);
      case "text/event-stream" -> events(schema, body, what);
      default -> {} // text
    }
  }

  private void events(JsonNode schema, String body, String what) {
    ObjectNode either = Json.mapper().createObjectNode();
    either
        .putArray("anyOf")
        .add(schema)
        .add(reference("#/components/schemas/OpenAiErrorsEnvelope"));
    for (String line : body.split("\n", -1)) {
      if (line.startsWith("data: ") && !line.equals("data: [DONE]")) {
        validate(either, line.substring("data: ".length()), what);
      }
    }
  }

  private void validate(JsonNode schema, String json, String what) {
    List<Error> errors =
        compiled
            .computeIfAbsent(what, w -> compile(schema))
            .validate(Json.tree(json.getBytes(StandardCharsets.UTF_8)));
    if (!errors.isEmpty()) {
      throw new AssertionError(what + " is not as described: " + errors + "\n" + json);
    }
  }

  private Schema compile(JsonNode schema) {
    ObjectNode whole = (ObjectNode) schema.deepCopy();
    whole.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    whole.set("$defs", document.path("components").path("schemas"));
    String text = Json.string(whole).replace("#/components/schemas/", "#/$defs/");
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(text);
  }

  private JsonNode content(String method, String path, int status) {
    JsonNode operation = path(path).path(method.toLowerCase(Locale.ROOT)).path("responses");
    JsonNode response = operation.path(Integer.toString(status));
    if (response.isMissingNode()) {
      response = operation.path("default");
    }
    if (response.has("$ref")) {
      response = document.at(response.path("$ref").stringValue().substring(1));
    }
    return response.path("content");
  }

  private JsonNode path(String path) {
    JsonNode paths = document.path("paths");
    if (paths.has(path)) {
      return paths.path(path);
    }
    return paths.properties().stream()
        .filter(e -> path.matches(e.getKey().replaceAll("\\{[a-z_]+}", ".+")))
        // the last parameter of a shorter path may hold the rest of a longer one
        .max(Comparator.comparingInt(e -> e.getKey().split("/", -1).length))
        .map(Map.Entry::getValue)
        .orElseThrow(() -> new AssertionError(path + " is not described"));
  }

  /** Every reference inside the document that leads nowhere. */
  public List<String> danglingReferences() {
    List<String> dangling = new ArrayList<>();
    for (JsonNode reference : document.findValues("$ref")) {
      if (document.at(reference.stringValue().substring(1)).isMissingNode()) {
        dangling.add(reference.stringValue());
      }
    }
    return dangling;
  }

  private static ObjectNode reference(String to) {
    return Json.mapper().createObjectNode().put("$ref", to);
  }
}
