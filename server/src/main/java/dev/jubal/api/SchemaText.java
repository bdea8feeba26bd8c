package dev.jubal.api;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.json.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A schema of a request as text, for whoever enforces it. */
final class SchemaText {
  /** Deeper than any that people write, and far from where a parser gives up. */
  private static final int DEEPEST = 200;

  private SchemaText() {}

  /** The text of a schema that stands at a path. */
  static String of(ObjectNode schema, String at) {
    if (!fits(schema, DEEPEST)) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          at,
          at + " is nested more than " + DEEPEST + " deep (expected: at most " + DEEPEST + ").");
    }
    return Json.string(schema);
  }

  private static boolean fits(JsonNode node, int depth) {
    if (!node.isContainer()) {
      return true;
    }
    if (depth == 0) {
      return false;
    }
    for (JsonNode child : node) {
      if (!fits(child, depth - 1)) {
        return false;
      }
    }
    return true;
  }
}
