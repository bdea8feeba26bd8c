package dev.jubal.llama.constraint.schema;

import dev.jubal.llama.constraint.document.Node;
import java.util.List;

/** Applies {@code unevaluatedProperties} and {@code unevaluatedItems}, after all else is known. */
final class Unevaluated {
  private Unevaluated() {}

  static List<Case> close(Node schema, List<Case> cases) {
    Node items = schema.field("unevaluatedItems");
    if (items != null && !items.isTrue()) {
      throw items.refused("items or maxItems instead");
    }
    Node properties = schema.field("unevaluatedProperties");
    if (properties == null) {
      return cases;
    }
    return cases.stream()
        .map(one -> one.with(one.objects().withUnevaluated(Sub.of(properties))))
        .toList();
  }
}
