package dev.jubal.llama.constraint.schema;

import dev.jubal.llama.constraint.document.Node;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the keywords of arrays. */
final class ArrayKeywords {
  static final Set<String> NAMES =
      Set.of("items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains");

  private ArrayKeywords() {}

  static ArrayRule read(String name, Node value, Node schema) {
    return switch (name) {
      case "minItems" -> ArrayRule.size(Values.count(value), -1);
      case "maxItems" -> ArrayRule.size(0, Values.count(value));
      case "uniqueItems" -> unique(value);
      case "prefixItems" -> ArrayRule.items(subs(value), rest(schema.field("items")));
      case "items" -> items(value, schema);
      default -> contained(value, schema);
    };
  }

  private static ArrayRule unique(Node value) {
    if (value.kind != Node.Kind.BOOLEAN) {
      throw value.refused("true or false");
    }
    return value.isTrue() ? ArrayRule.different() : ArrayRule.ANY;
  }

  private static List<Sub> subs(Node list) {
    return Values.list(list).stream().map(Sub::of).toList();
  }

  private static Sub rest(@Nullable Node value) {
    return value == null ? Sub.TRUE : Sub.of(value);
  }

  private static ArrayRule items(Node value, Node schema) {
    if (value.isArray()) {
      return ArrayRule.items(subs(value), rest(schema.field("additionalItems")));
    }
    // Beside prefixItems, which reads both.
    return schema.field("prefixItems") == null
        ? ArrayRule.items(List.of(), Sub.of(value))
        : ArrayRule.ANY;
  }

  private static ArrayRule contained(Node value, Node schema) {
    Node least = schema.field("minContains");
    Node most = schema.field("maxContains");
    return ArrayRule.containing(
        new ArrayRule.Contained(
            Sub.of(value),
            least == null ? 1 : Values.count(least),
            most == null ? -1 : Values.count(most),
            value));
  }
}
