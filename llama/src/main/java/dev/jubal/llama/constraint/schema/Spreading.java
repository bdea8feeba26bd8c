package dev.jubal.llama.constraint.schema;

import dev.jubal.llama.constraint.automaton.Budget;
import dev.jubal.llama.constraint.automaton.IntKey;
import dev.jubal.llama.constraint.document.Node;
import dev.jubal.llama.constraint.document.References;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Spreads a schema into its cases. Each keyword gives a list of cases; keywords hold together, so
 * their lists are multiplied, and what contradicts itself falls out.
 */
final class Spreading {
  private static final int MOST_CASES = 600;

  private final References references;
  private final Budget budget;
  private final Negation negation = new Negation(this);
  private final Unevaluated unevaluated = new Unevaluated(this);
  private final Map<IntKey, List<Case>> known = new HashMap<>();
  private final IdentityHashMap<Node, Boolean> open = new IdentityHashMap<>();

  Spreading(References references, Budget budget) {
    this.references = references;
    this.budget = budget;
  }

  /** The cases of a conjunction; none if nothing is allowed. */
  List<Case> cases(Sub sub) {
    IntKey key = sub.key();
    List<Case> found = known.get(key);
    if (found == null) {
      found = List.of(Case.ANY);
      for (Sub.Term term : sub.terms()) {
        found = both(found, term.negated() ? negation.cases(term.node()) : cases(term.node()));
      }
      known.put(key, found);
    }
    return found;
  }

  /** The cases of one schema. */
  List<Case> cases(Node node) {
    if (node.isTrue()) {
      return List.of(Case.ANY);
    }
    if (node.isFalse()) {
      return List.of();
    }
    if (!node.isObject()) {
      throw node.refused("a schema: an object or a boolean");
    }
    if (open.put(node, true) != null) {
      throw node.refused("a recursion that reads something between two turns");
    }
    List<Case> cases = List.of(Case.ANY);
    for (Map.Entry<String, Node> field : node.fields.entrySet()) {
      cases = both(cases, keyword(field.getKey(), field.getValue(), node));
    }
    cases = unevaluated.close(node, cases);
    open.remove(node);
    return cases;
  }

  /** What is in both lists. */
  List<Case> both(List<Case> some, List<Case> others) {
    if (others.size() == 1 && others.getFirst().equals(Case.ANY)) {
      return some;
    }
    List<Case> joint = new ArrayList<>();
    for (Case one : some) {
      for (Case other : others) {
        budget.steps(50);
        Case both = one.and(other);
        if (!both.impossible()) {
          joint.add(both);
        }
      }
    }
    if (joint.size() > MOST_CASES) {
      throw new Budget.Exceeded("fewer combinations of anyOf, oneOf, if and dependencies");
    }
    return joint;
  }

  static List<Case> either(List<Case> some, List<Case> others) {
    List<Case> all = new ArrayList<>(some);
    all.addAll(others);
    return all;
  }

  List<Case> negated(Node node) {
    return negation.cases(node);
  }

  Node target(Node reference) {
    return references.target(reference);
  }

  private List<Case> keyword(String name, Node value, Node schema) {
    return switch (name) {
      case "type" -> withNull(List.of(TypeKeyword.read(value)), schema);
      case "enum" -> withNull(List.of(Case.literals(Values.list(value))), schema);
      case "const" -> List.of(Case.literals(List.of(value)));
      case "$ref", "$dynamicRef" -> cases(target(value));
      case "allOf" -> all(value);
      case "anyOf", "oneOf" -> any(value);
      case "not" -> negated(value);
      case "if" -> conditional(value, schema);
      case "dependentRequired", "dependentSchemas", "dependencies" -> dependencies(value);
      case "then", "else", "minContains", "maxContains", "additionalItems" -> List.of(Case.ANY);
      case "unevaluatedProperties", "unevaluatedItems" -> List.of(Case.ANY);
      default -> rule(name, value, schema);
    };
  }

  private List<Case> rule(String name, Node value, Node schema) {
    if (NumberKeywords.NAMES.contains(name)) {
      return List.of(Case.of(NumberKeywords.read(name, value, schema)));
    }
    if (StringKeywords.NAMES.contains(name)) {
      return List.of(Case.of(StringKeywords.read(name, value)));
    }
    if (ArrayKeywords.NAMES.contains(name)) {
      return List.of(Case.of(ArrayKeywords.read(name, value, schema)));
    }
    if (ObjectKeywords.NAMES.contains(name)) {
      return List.of(Case.of(ObjectKeywords.read(name, value, schema)));
    }
    if (Keywords.SILENT.contains(name)) {
      return List.of(Case.ANY);
    }
    if (Keywords.REFUSED.contains(name)) {
      throw value.refused("a keyword that can be enforced");
    }
    String meant = Keywords.meant(name);
    if (!meant.isEmpty()) {
      throw value.refused("a known keyword; meant: " + meant);
    }
    return List.of(Case.ANY);
  }

  /** OpenAPI 3.0 writes "or null" as a keyword beside type and enum. */
  private static List<Case> withNull(List<Case> cases, Node schema) {
    Node nullable = schema.field("nullable");
    return nullable != null && nullable.isTrue()
        ? either(cases, List.of(Case.types(Case.NULL)))
        : cases;
  }

  private List<Case> all(Node list) {
    List<Case> cases = List.of(Case.ANY);
    for (Node part : Values.list(list)) {
      cases = both(cases, cases(part));
    }
    return cases;
  }

  private List<Case> any(Node list) {
    List<Case> cases = new ArrayList<>();
    for (Node part : Values.list(list)) {
      cases.addAll(cases(part));
      if (cases.size() > MOST_CASES) {
        throw list.refused("fewer alternatives");
      }
    }
    return cases;
  }

  private List<Case> conditional(Node condition, Node schema) {
    Node then = schema.field("then");
    Node otherwise = schema.field("else");
    if (then == null && otherwise == null) {
      return List.of(Case.ANY);
    }
    List<Case> met = cases(condition);
    List<Case> unmet = negated(condition);
    return either(
        then == null ? met : both(met, cases(then)),
        otherwise == null ? unmet : both(unmet, cases(otherwise)));
  }

  /** For each key: it is missing, or what depends on it holds. */
  private List<Case> dependencies(Node value) {
    if (!value.isObject()) {
      throw value.refused("an object");
    }
    List<Case> cases = List.of(Case.ANY);
    for (Map.Entry<String, Node> entry : new TreeMap<>(value.fields).entrySet()) {
      String key = entry.getKey();
      Case present = Case.of(ObjectRule.requiring(Set.of(key)));
      Case absent = Case.of(ObjectRule.named(key, Sub.FALSE));
      List<Case> dependent =
          entry.getValue().isArray()
              ? List.of(Case.of(ObjectRule.requiring(ObjectKeywords.names(entry.getValue()))))
              : cases(entry.getValue());
      cases = both(cases, either(List.of(absent), both(List.of(present), dependent)));
    }
    return cases;
  }
}
