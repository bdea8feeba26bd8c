package dev.jubal.llama.constraint.document;

import dev.jubal.llama.constraint.automaton.IntKey;
import dev.jubal.llama.constraint.automaton.IntList;
import java.util.HashMap;
import java.util.Map;

/**
 * Numbers nodes so that those written alike share a number: equal subschemas become one rule of the
 * network. References count as alike only within one resource, since they may mean other things in
 * another.
 */
final class Shapes {
  private final Map<IntKey, Integer> shapes = new HashMap<>();
  private final Map<String, Integer> texts = new HashMap<>();
  private int resources;

  private Shapes() {}

  static void assign(Node root) {
    new Shapes().visit(root, 0);
  }

  private void visit(Node node, int resource) {
    int inside = resource;
    IntList key = new IntList();
    key.add(text(node.kind.name()));
    key.add(text(node.text));
    if (node.isObject()) {
      if (node.parent != null && (node.field("$id") != null || node.field("id") != null)) {
        inside = ++resources;
      }
      for (Map.Entry<String, Node> field : node.fields.entrySet()) {
        visit(field.getValue(), inside);
        key.add(text(field.getKey()));
        key.add(field.getValue().shape);
        if (field.getKey().endsWith("ef")) {
          key.add(-1 - inside);
        }
      }
    }
    for (Node item : node.items) {
      visit(item, inside);
      key.add(item.shape);
    }
    node.shape = shapes.computeIfAbsent(new IntKey(key.toArray()), k -> shapes.size());
  }

  private int text(String text) {
    return texts.computeIfAbsent(text, key -> texts.size());
  }
}
