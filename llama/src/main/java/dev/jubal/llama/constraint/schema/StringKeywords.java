package dev.jubal.llama.constraint.schema;

import dev.jubal.llama.constraint.document.Node;
import java.util.Set;

/** Reads the keywords of strings. */
final class StringKeywords {
  static final Set<String> NAMES = Set.of("minLength", "maxLength", "pattern", "format");

  private StringKeywords() {}

  static StringRule read(String name, Node value) {
    return switch (name) {
      case "minLength" -> StringRule.length(Values.count(value), -1);
      case "maxLength" -> StringRule.length(0, Values.count(value));
      case "pattern" -> StringRule.pattern(string(value));
      default -> Formats.known(string(value).text) ? StringRule.format(value) : StringRule.ANY;
    };
  }

  private static Node string(Node value) {
    if (!value.isString()) {
      throw value.refused("a string");
    }
    return value;
  }
}
