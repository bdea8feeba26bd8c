package dev.jubal.account.keys;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.json.Json;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What holds for every key of a team, stored as versioned JSON: {@code
 * {"version":1,"blocked":false,"weight":4}}, the weight only where it is not 1.
 *
 * @param blocked whether all its keys are refused
 * @param weight how many turns at an engine it gets for each one of a team of weight 1, 1 to 1000
 */
public record TeamPolicy(boolean blocked, int weight) {
  public static final TeamPolicy OPEN = new TeamPolicy(false);

  private static final int MOST_WEIGHT = 1000;

  public TeamPolicy {
    if (weight < 1 || weight > MOST_WEIGHT) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "weight",
          "weight: " + weight + " (expected: 1.." + MOST_WEIGHT + ").");
    }
  }

  public TeamPolicy(boolean blocked) {
    this(blocked, 1);
  }

  public TeamPolicy withWeight(int other) {
    return new TeamPolicy(blocked, other);
  }

  private static final int VERSION = 1;
  private static final String EXPECTED =
      " (expected: {\"version\":1,\"blocked\":true or false,\"weight\":1..1000}).";

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
    return new TeamPolicy(tree.path("blocked").asBoolean(false), tree.path("weight").asInt(1));
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
      case "weight" -> {
        if (!value.isInt() || value.intValue() < 1 || value.intValue() > MOST_WEIGHT) {
          throw wrong("policy.weight", value.toString());
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
    String more = weight == 1 ? "" : ",\"weight\":" + weight;
    return "{\"version\":" + VERSION + ",\"blocked\":" + blocked + more + "}";
  }
}
