package dev.jubal.account.keys;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.json.Json;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What holds for every key of a team, stored as versioned JSON: {@code
 * {"version":1,"blocked":false,"weight":4,"zero_retention":true}}; what is usual is left out.
 *
 * @param blocked whether all its keys are refused
 * @param terms what it agreed
 */
public record TeamPolicy(boolean blocked, TeamTerms terms) {
  public static final TeamPolicy OPEN = new TeamPolicy(false);

  private static final int VERSION = 1;
  private static final int MOST_WEIGHT = 1000;
  private static final String EXPECTED =
      " (expected: {\"version\":1} and, if wanted, \"blocked\", \"zero_retention\","
          + " \"keeps_pictures\", \"webhooks\": true or false, \"weight\": 1..1000).";

  public TeamPolicy {
    if (terms.weight() < 1 || terms.weight() > MOST_WEIGHT) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "weight",
          "weight: " + terms.weight() + " (expected: 1.." + MOST_WEIGHT + ").");
    }
  }

  public TeamPolicy(boolean blocked) {
    this(blocked, TeamTerms.USUAL);
  }

  public TeamPolicy withBlocked(boolean other) {
    return new TeamPolicy(other, terms);
  }

  public TeamPolicy withTerms(TeamTerms other) {
    return new TeamPolicy(blocked, other);
  }

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
    return new TeamPolicy(
        flag(tree, "blocked"),
        new TeamTerms(
            tree.path("weight").asInt(1),
            flag(tree, "zero_retention"),
            flag(tree, "keeps_pictures"),
            flag(tree, "webhooks")));
  }

  private static boolean flag(JsonNode tree, String name) {
    return tree.path(name).asBoolean(false);
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
      case "blocked", "zero_retention", "keeps_pictures", "webhooks" -> {
        if (!value.isBoolean()) {
          throw wrong("policy." + name, value.toString());
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
    ObjectNode tree = Json.mapper().createObjectNode();
    tree.put("version", VERSION).put("blocked", blocked);
    if (terms.weight() != 1) {
      tree.put("weight", terms.weight());
    }
    if (terms.zeroRetention()) {
      tree.put("zero_retention", true);
    }
    if (terms.keepsPictures()) {
      tree.put("keeps_pictures", true);
    }
    if (terms.webhooks()) {
      tree.put("webhooks", true);
    }
    return tree.toString();
  }
}
