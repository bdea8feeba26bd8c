package dev.jubal.llama.constraint.schema;

import dev.jubal.llama.constraint.document.Node;
import java.util.List;

/**
 * Applies {@code unevaluatedProperties} and {@code unevaluatedItems}, after all else is known. What
 * the cases of a schema say of keys is what it has evaluated, but for conditions: those are
 * refused.
 */
final class Unevaluated {
  private static final int DEEPEST = 20;

  private final Spreading spreading;

  Unevaluated(Spreading spreading) {
    this.spreading = spreading;
  }

  List<Case> close(Node schema, List<Case> cases) {
    Node items = schema.field("unevaluatedItems");
    if (items != null && !items.isTrue()) {
      throw items.refused("items or maxItems instead");
    }
    Node properties = schema.field("unevaluatedProperties");
    if (properties == null) {
      return cases;
    }
    if (conditional(schema, DEEPEST)) {
      throw properties.refused("unevaluatedProperties without not, if or dependencies beside it");
    }
    return cases.stream().map(one -> closed(one, properties)).toList();
  }

  private static Case closed(Case one, Node properties) {
    if (one.objects().unevaluated().isPresent()) {
      throw properties.refused("one unevaluatedProperties for an object");
    }
    return one.with(one.objects().withUnevaluated(Sub.of(properties)));
  }

  private boolean conditional(Node schema, int depth) {
    if (depth == 0) {
      return true;
    }
    for (String keyword : schema.fields.keySet()) {
      Node value = schema.fields.get(keyword);
      boolean found =
          switch (keyword) {
            case "not", "if", "dependentSchemas", "dependencies", "dependentRequired" -> true;
            case "allOf", "anyOf", "oneOf" ->
                value != null
                    && value.items.stream().anyMatch(part -> conditional(part, depth - 1));
            case "$ref", "$dynamicRef" ->
                value != null && conditional(spreading.target(value), depth - 1);
            default -> false;
          };
      if (found) {
        return true;
      }
    }
    return false;
  }
}
