package dev.jubal.llama.constraint.schema;

import dev.jubal.llama.constraint.document.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads values of keywords, and tells whether a value satisfies a schema. */
final class Values {
  private static final int MOST = 1 << 25;

  private final Spreading spreading;
  private final Strings strings;

  Values(Spreading spreading, Strings strings) {
    this.spreading = spreading;
    this.strings = strings;
  }

  /** The items of an array. */
  static List<Node> list(Node value) {
    if (!value.isArray()) {
      throw value.refused("an array");
    }
    return value.items;
  }

  /** A whole number that is not negative; more than any text has is as good as any. */
  static int count(Node value) {
    if (!value.isInteger() || value.number.signum() < 0) {
      throw value.refused("a whole number, 0 or more");
    }
    return value.number.compareTo(java.math.BigDecimal.valueOf(MOST)) > 0
        ? MOST
        : value.number.intValue();
  }

  boolean allowed(Node value, Sub by) {
    return spreading.cases(by).stream().anyMatch(one -> allowed(value, one));
  }

  /** Whether a case allows a value. */
  boolean allowed(Node value, Case by) {
    if ((by.meant() & Case.typeOf(value)) == 0) {
      return false;
    }
    List<Node> literals = by.literals();
    if (literals != null && literals.stream().noneMatch(value::same)) {
      return false;
    }
    if (by.excluded().stream().anyMatch(value::same)) {
      return false;
    }
    return switch (value.kind) {
      case NUMBER -> by.numbers().allows(value.number);
      case STRING -> strings.allows(by.strings(), value.text);
      case ARRAY -> array(value, by.arrays());
      case OBJECT -> object(value, by.objects());
      case BOOLEAN, NULL -> true;
    };
  }

  private boolean array(Node value, ArrayRule rule) {
    int size = value.items.size();
    if (size < rule.least() || (rule.most() >= 0 && size > rule.most())) {
      return false;
    }
    for (int i = 0; i < size; i++) {
      if (!allowed(value.items.get(i), rule.item(i))) {
        return false;
      }
      for (int k = 0; rule.unique() && k < i; k++) {
        if (value.items.get(k).same(value.items.get(i))) {
          return false;
        }
      }
    }
    for (ArrayRule.Contained contained : rule.contained()) {
      long count = value.items.stream().filter(item -> allowed(item, contained.what())).count();
      if (count < contained.least() || (contained.most() >= 0 && count > contained.most())) {
        return false;
      }
    }
    return true;
  }

  private boolean object(Node value, ObjectRule rule) {
    int size = value.fields.size();
    if (size < rule.least() || (rule.most() >= 0 && size > rule.most())) {
      return false;
    }
    if (!value.fields.keySet().containsAll(rule.required())) {
      return false;
    }
    for (Map.Entry<String, Node> field : value.fields.entrySet()) {
      Node name = new Node(Node.Kind.STRING, null, "", field.getKey(), value.number);
      for (Sub names : rule.names()) {
        if (!allowed(name, names)) {
          return false;
        }
      }
      for (Sub of : strings.said(rule, field.getKey())) {
        if (!allowed(field.getValue(), of)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Values a list of literals leaves when the rest of a case is applied. */
  List<Node> left(Case one) {
    List<Node> left = new ArrayList<>();
    List<Node> literals = one.literals();
    for (Node value : literals == null ? List.<Node>of() : literals) {
      if (allowed(value, one)) {
        left.add(value);
      }
    }
    return left;
  }
}
