package dev.jubal.llama.constraint.schema;

import dev.jubal.llama.constraint.automaton.Budget;
import dev.jubal.llama.constraint.automaton.IntKey;
import dev.jubal.llama.constraint.automaton.Leaf;
import dev.jubal.llama.constraint.automaton.Literals;
import dev.jubal.llama.constraint.document.Node;
import dev.jubal.llama.constraint.network.Network;
import dev.jubal.llama.constraint.network.NetworkBuilder;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes subschemas into the network. A subschema becomes one rule, written when it is first
 * called, so that recursive schemas end; scalars are written where they stand.
 */
final class ValueWriter {
  private static final int SCALARS = Case.ALL & ~(Case.ARRAY | Case.OBJECT);
  private static final int MOST_DEEP = 400;

  final NetworkBuilder network;
  final Budget budget;
  final Spreading spreading;
  final Strings strings;
  final Values values;
  final SchemaOptions options;
  private final SharedLeaves shared;
  private final Numbers numbers;
  private final AnyWriter any;
  private final Map<IntKey, Integer> rules = new HashMap<>();
  private int deep;

  ValueWriter(
      NetworkBuilder network,
      Budget budget,
      Spreading spreading,
      SharedLeaves shared,
      SchemaOptions options) {
    this.network = network;
    this.budget = budget;
    this.spreading = spreading;
    this.shared = shared;
    this.options = options;
    this.strings = new Strings(shared, budget);
    this.numbers = new Numbers(shared, budget);
    this.values = new Values(spreading, strings);
    this.any = new AnyWriter(network, strings, numbers);
  }

  /** The rule of a subschema. */
  int rule(Sub sub) {
    return rule(sub, Case.ALL);
  }

  /** The rule of the objects that a subschema allows. */
  int objectRule(Sub sub) {
    return rule(sub, Case.OBJECT);
  }

  private int rule(Sub sub, int types) {
    IntKey key = sub.key();
    Integer known = types == Case.ALL ? rules.get(key) : null;
    if (known != null) {
      return known;
    }
    if (++deep > MOST_DEEP) {
      throw new Budget.Exceeded("at most " + MOST_DEEP + " levels");
    }
    int rule = network.state();
    int end = network.state(Network.FINAL);
    if (types == Case.ALL) {
      rules.put(key, rule);
    }
    List<Sub> alternatives = types == Case.ALL ? alternatives(sub) : List.of();
    if (alternatives.isEmpty()) {
      for (Case one : spreading.cases(sub)) {
        write(rule, types == Case.ALL ? one : one.only(types), end);
      }
    }
    for (Sub alternative : alternatives) {
      value(rule, alternative, end);
    }
    deep--;
    return rule;
  }

  /** What a schema that only refers or only offers alternatives leads to; empty for all others. */
  private List<Sub> alternatives(Sub sub) {
    if (sub.terms().size() != 1 || sub.terms().getFirst().negated()) {
      return List.of();
    }
    Node node = sub.terms().getFirst().node();
    String only = "";
    for (String keyword : node.fields.keySet()) {
      if (Keywords.SILENT.contains(keyword) && !keyword.equals("nullable")) {
        continue;
      }
      if (!only.isEmpty() || !Set.of("$ref", "anyOf", "oneOf").contains(keyword)) {
        return List.of();
      }
      only = keyword;
    }
    Node value = node.field(only);
    if (value == null) {
      return List.of();
    }
    return only.equals("$ref")
        ? List.of(Sub.of(spreading.target(value)))
        : Values.list(value).stream().map(Sub::of).toList();
  }

  /** Writes a value that a subschema allows, between two states. */
  void value(int from, Sub sub, int to) {
    if (sub.isFalse()) {
      return;
    }
    if (!alternatives(sub).isEmpty()) {
      network.call(from, rule(sub), to);
      return;
    }
    List<Case> cases = spreading.cases(sub);
    int types = 0;
    for (Case one : cases) {
      types |= one.unconstrained() ? Case.OBJECT : one.meant();
    }
    if (cases.size() == 1 && cases.getFirst().unconstrained()) {
      network.call(from, any.value(), to);
    } else if ((types & ~SCALARS) != 0) {
      network.call(from, rule(sub), to);
    } else {
      cases.forEach(one -> write(from, one, to));
    }
  }

  private void write(int from, Case one, int to) {
    if (one.unconstrained()) {
      network.call(from, any.value(), to);
      return;
    }
    if (one.literals() != null) {
      literals(from, one, to);
      return;
    }
    int types = one.meant();
    for (Node excluded : one.excluded()) {
      int type = Case.typeOf(excluded);
      types &= type == Case.NUMBER || type == Case.STRING ? Case.ALL : ~type;
    }
    Case.constants(types).forEach(text -> network.empty(network.text(from, text), to));
    if ((types & Case.NUMBER) != 0) {
      leaf(from, numbers.leaf(one.numbers(), numbers(one.excluded())), to);
    }
    if ((types & Case.STRING) != 0) {
      leaf(from, strings.leaf(one.strings(), strings(one.excluded())), to);
    }
    if ((types & Case.ARRAY) != 0) {
      new ArrayWriter(this, one.arrays()).write(from, to);
    }
    if ((types & Case.OBJECT) != 0) {
      new ObjectWriter(this, one.objects()).write(from, to);
    }
  }

  private void leaf(int from, @Nullable Leaf leaf, int to) {
    if (leaf != null) {
      network.leaf(from, leaf, to);
    }
  }

  private void literals(int from, Case one, int to) {
    List<String> texts = values.left(one).stream().map(Node::written).toList();
    if (texts.size() == 1) {
      network.empty(network.text(from, texts.getFirst()), to);
    } else if (!texts.isEmpty()) {
      network.leaf(
          from, shared.get("literals " + texts, budget, own -> Literals.of(texts, own)), to);
    }
  }

  private static List<BigDecimal> numbers(List<Node> excluded) {
    return excluded.stream().filter(Node::isNumber).map(node -> node.number).toList();
  }

  private static List<String> strings(List<Node> excluded) {
    List<String> texts = new ArrayList<>();
    excluded.stream().filter(Node::isString).forEach(node -> texts.add(node.text));
    return texts;
  }
}
