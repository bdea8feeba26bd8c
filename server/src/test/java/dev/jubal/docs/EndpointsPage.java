package dev.jubal.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** docs/generated/endpoints.md, from the server's own description. */
public final class EndpointsPage {
  private EndpointsPage() {}

  /** All routes, then the fields of each request. */
  public static String text(JsonNode document) {
    Table routes = new Table("route", "endpoint", "key", "in the ledger", "what it does");
    StringBuilder requests = new StringBuilder();
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        String name = method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey();
        JsonNode operation = method.getValue();
        routes.row(
            "`" + name + "`",
            operation.at("/tags/0").stringValue(),
            key(operation),
            operation.path("x-jubal-metered").asBoolean() ? "yes" : "no",
            operation.path("summary").stringValue());
        if (operation.has("requestBody")) {
          requests.append("\n## ").append(name).append("\n\n").append(fields(operation, document));
        }
      }
    }
    return """
    # Endpoints

    The same as a description for machines: `GET /openapi.json`. Fields of a request that are
    not listed here are tolerated and named in `x-jubal-ignored`.

    """
        + routes
        + requests;
  }

  private static String key(JsonNode operation) {
    return switch (operation.path("x-jubal-access").stringValue()) {
      case "public" -> "none";
      case "endpoint" -> "with its ACL row";
      case "owner" -> "any, no client token";
      case "owner_endpoint" -> "with its ACL row, no client token";
      case "management" -> "management, with its ACL row";
      case "management_key" -> "management";
      default -> "any";
    };
  }

  private static Table fields(JsonNode operation, JsonNode document) {
    JsonNode schema =
        resolve(operation.at("/requestBody/content/application~1json/schema"), document);
    Table table = new Table("field", "kind", "allowed", "meaning");
    List<JsonNode> required = new ArrayList<>();
    schema.path("required").forEach(required::add);
    for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
      boolean needed = required.stream().anyMatch(r -> r.stringValue().equals(field.getKey()));
      table.row(
          "`" + field.getKey() + "`" + (needed ? " (required)" : ""),
          kind(field.getValue()),
          allowed(field.getValue()),
          field.getValue().path("description").asString(""));
    }
    return table;
  }

  private static JsonNode resolve(JsonNode schema, JsonNode document) {
    return schema.has("$ref")
        ? document.at(schema.path("$ref").stringValue().substring(1))
        : schema;
  }

  private static String kind(JsonNode schema) {
    JsonNode type = schema.path("type");
    if (type.isString()) {
      return type.stringValue();
    }
    List<String> kinds = new ArrayList<>();
    type.forEach(t -> kinds.add(t.stringValue()));
    kinds.remove("null");
    return kinds.isEmpty() ? (schema.has("anyOf") ? "object" : "any") : String.join(" or ", kinds);
  }

  private static String allowed(JsonNode schema) {
    List<String> parts = new ArrayList<>();
    schema.path("enum").forEach(v -> parts.add(v.isNull() ? "" : v.stringValue()));
    parts.remove("");
    if (!parts.isEmpty()) {
      return String.join(", ", parts);
    }
    bound(schema, "minimum", "at least ", "", parts);
    bound(schema, "maximum", "at most ", "", parts);
    bound(schema, "minItems", "at least ", " elements", parts);
    bound(schema, "maxItems", "at most ", " elements", parts);
    return String.join(", ", parts);
  }

  private static void bound(
      JsonNode schema, String key, String before, String after, List<String> parts) {
    if (schema.has(key)) {
      parts.add(before + schema.path(key) + after);
    }
  }
}
