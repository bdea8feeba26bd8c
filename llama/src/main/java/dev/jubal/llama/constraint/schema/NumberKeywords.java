package dev.jubal.llama.constraint.schema;

import dev.jubal.llama.constraint.document.Node;
import java.math.BigDecimal;
import java.util.Set;

/** Reads the keywords of numbers. */
final class NumberKeywords {
  static final Set<String> NAMES =
      Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf");

  private NumberKeywords() {}

  static NumberRule read(String name, Node value, Node schema) {
    boolean exclusive = name.startsWith("exclusive");
    if (exclusive && value.kind == Node.Kind.BOOLEAN) {
      return NumberRule.ANY; // draft 4: a flag beside minimum and maximum
    }
    if (!value.isNumber()) {
      throw value.refused("a number");
    }
    BigDecimal number = value.number;
    return switch (name) {
      case "minimum" -> NumberRule.atLeast(number, flagged(schema, "exclusiveMinimum"));
      case "maximum" -> NumberRule.atMost(number, flagged(schema, "exclusiveMaximum"));
      case "exclusiveMinimum" -> NumberRule.atLeast(number, true);
      case "exclusiveMaximum" -> NumberRule.atMost(number, true);
      default -> {
        if (number.signum() <= 0) {
          throw value.refused("a number greater than 0");
        }
        yield NumberRule.multiple(number);
      }
    };
  }

  private static boolean flagged(Node schema, String keyword) {
    Node flag = schema.field(keyword);
    return flag != null && flag.isTrue();
  }
}
