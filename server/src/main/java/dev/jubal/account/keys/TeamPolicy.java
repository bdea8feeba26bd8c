package dev.jubal.account.keys;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.json.Json;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What holds for every key of a team, stored as versioned JSON: {@code
 * {"version":1,"blocked":false}}.
 *
 * @param blocked whether all its keys are refused
 */
public record TeamPolicy(boolean blocked) {
  public static final TeamPolicy OPEN = new TeamPolicy(false);

  private static final int VERSION = 1;
  private static final String EXPECTED = " (expected: {\"version\":1,\"blocked\":true or false}).";

  /**
   * Reads a policy.
   *
   * @throws ApiException INVALID_VALUE that names the wrong field
   */
  public static TeamPolicy parse(String json) {
    JsonNode tree = tree(json);
    for (Map.Entry<String, JsonNode> field : tree.properties()) {
      check(field.getKey(), field.getValue());
    }
    if (!tree.has("version")) {
      throw wrong("policy.version", "it is absent");
    }
    return new TeamPolicy(tree.path("blocked").asBoolean(false));
  }

  private static JsonNode tree(String json) {
    try {
      JsonNode tree = Json.mapper().readTree(json);
      if (tree.isObject()) {
        return tree;
      }
    } catch (JacksonException e) {
      throw wrong("policy", "it is not JSON");
    }
    throw wrong("policy", "it is not an object");
  }

  private static void check(String name, JsonNode value) {
    switch (name) {
      case "version" -> {
        if (!value.isInt() || value.intValue() != VERSION) {
          throw wrong("policy.version", value.toString());
        }
      }
      case "blocked" -> {
        if (!value.isBoolean()) {
          throw wrong("policy.blocked", value.toString());
        }
      }
      default -> throw wrong("policy." + name, "there is no such field");
    }
  }

  private static ApiException wrong(String field, String found) {
    return ApiException.of(ErrorCode.INVALID_VALUE, field, field + ": " + found + EXPECTED);
  }

  /** The stored form. */
  public String json() {
    return "{\"version\":" + VERSION + ",\"blocked\":" + blocked + "}";
  }
}
