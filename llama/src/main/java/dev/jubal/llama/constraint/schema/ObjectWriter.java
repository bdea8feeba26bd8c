package dev.jubal.llama.constraint.schema;

import dev.jubal.llama.constraint.automaton.Budget;
import dev.jubal.llama.constraint.automaton.Leaf;
import dev.jubal.llama.constraint.document.JsonText;
import dev.jubal.llama.constraint.document.Node;
import dev.jubal.llama.constraint.network.NetworkBuilder;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Writes objects: the named keys in the order of the schema, each once or, if not required, not at
 * all; then the others in any order. The states form a grid of how many named keys are passed and
 * how many keys there are, as far as that is bounded; its last row is that of the others, which is
 * entered only where there are enough of them.
 */
final class ObjectWriter {
  private static final int MOST_COUNTED = 200;
  private static final int MOST_SUBSETS = 4;

  /** Keys that are not named, of one kind, and what their values must be. */
  private record Others(Leaf keys, Sub value) {}

  private final ValueWriter values;
  private final NetworkBuilder network;
  private final ObjectRule rule;
  private final Map<String, Sub> named = new LinkedHashMap<>();
  private final List<String> order = new ArrayList<>();
  private final List<Others> others = new ArrayList<>();
  private int least;
  private int most;

  ObjectWriter(ValueWriter values, ObjectRule rule) {
    this.values = values;
    this.network = values.network;
    this.rule = rule;
  }

  void write(int from, int to) {
    if (!name()) {
      return;
    }
    other();
    bounds();
    int counts = Math.max(least, most) + 1;
    int keys = order.size();
    int[][] before = new int[keys + 2][counts];
    int[][] behind = new int[keys + 2][counts];
    for (int i = 0; i <= keys + 1; i++) {
      for (int c = 0; c < counts; c++) {
        before[i][c] = network.state();
        behind[i][c] = network.state();
      }
    }
    int open = network.text(from, "{");
    network.empty(open, before[0][0]);
    int lastRequired = keys;
    while (lastRequired > 0 && !rule.required().contains(order.get(lastRequired - 1))) {
      lastRequired--;
    }
    if (lastRequired == 0 && least == 0) {
      network.octets(open, '}', '}', to);
    }
    for (int i = 0; i <= keys + 1; i++) {
      for (int c = 0; c < counts; c++) {
        int more = more(c);
        if (i < keys) {
          key(order.get(i), before[i][c], before[i + 1][c], more < 0 ? -1 : behind[i + 1][more]);
        } else if (i == keys && (least <= c || least - c <= otherKeys())) {
          network.empty(before[i][c], before[i + 1][c]);
        } else if (i > keys && more >= 0) {
          extra(before[i][c], behind[i][more]);
        }
        network.empty(network.text(behind[i][c], ", "), before[i][c]);
        if (i >= lastRequired && c >= least) {
          network.octets(behind[i][c], '}', '}', to);
        }
      }
    }
  }

  /** How many keys there are beside the named ones. */
  private int otherKeys() {
    long sum = 0;
    for (Others kind : others) {
      sum += kind.keys.texts(kind.keys.start());
    }
    return (int) Math.min(Leaf.FAR, sum);
  }

  /** The count after one more key, or -1 if there may not be one. */
  private int more(int count) {
    if (most >= 0) {
      return count < most ? count + 1 : -1;
    }
    return Math.min(count + 1, least);
  }

  private void key(String key, int before, int skipped, int behind) {
    if (!rule.required().contains(key)) {
      network.empty(before, skipped);
    }
    if (behind >= 0) {
      int value = network.text(before, JsonText.quoted(key) + ": ");
      values.value(value, Objects.requireNonNull(named.get(key)), behind);
    }
  }

  private void extra(int before, int behind) {
    for (Others kind : others) {
      int value = network.state();
      network.leaf(before, kind.keys, value);
      values.value(network.text(value, ": "), kind.value, behind);
    }
  }

  /** Finds the named keys; false if one that is required cannot be. */
  private boolean name() {
    for (String key : rule.keys()) {
      named.put(key, value(key));
    }
    keysOfNames();
    for (Map.Entry<String, Sub> entry : named.entrySet()) {
      if (!entry.getValue().isFalse()) {
        order.add(entry.getKey());
      } else if (rule.required().contains(entry.getKey())) {
        return false;
      }
    }
    return true;
  }

  private Sub value(String key) {
    Node name = new Node(Node.Kind.STRING, null, "", key, BigDecimal.ZERO);
    for (Sub names : rule.names()) {
      if (!values.values.allowed(name, names)) {
        return Sub.FALSE;
      }
    }
    Sub value = Sub.TRUE;
    for (Sub said : values.strings.said(rule, key)) {
      value = value.and(said);
    }
    return value;
  }

  /** Keys that propertyNames lists are as good as named. */
  private void keysOfNames() {
    if (!open()) {
      return;
    }
    for (Sub names : rule.names()) {
      for (Case one : values.spreading.cases(names)) {
        List<Node> literals = one.literals();
        for (Node literal : literals == null ? List.<Node>of() : literals) {
          if (literal.isString() && !named.containsKey(literal.text)) {
            named.put(literal.text, value(literal.text));
          }
        }
      }
    }
  }

  /** Whether keys may be added that nothing is said of. */
  private boolean open() {
    boolean said =
        rule.unevaluated().isPresent()
            || rule.layers().stream().anyMatch(layer -> layer.additional().isPresent());
    return said || !rule.declares() || values.options.additionalByDefault();
  }

  /** Finds the kinds of keys that are not named: one for each set of patterns they may match. */
  private void other() {
    List<ObjectRule.Matching> patterns = new ArrayList<>();
    rule.layers().forEach(layer -> patterns.addAll(layer.matching()));
    Optional<StringRule> names = names();
    if (names.isEmpty()) {
      return;
    }
    int subsets = patterns.size() <= MOST_SUBSETS ? 1 << patterns.size() : patterns.size() + 1;
    for (int i = 0; i < subsets; i++) {
      int set = patterns.size() <= MOST_SUBSETS ? i : i == 0 ? 0 : 1 << (i - 1);
      if (set == 0 && !open()) {
        continue;
      }
      kind(patterns, set, names.get());
    }
  }

  private void kind(List<ObjectRule.Matching> patterns, int set, StringRule names) {
    List<Node> with = new ArrayList<>();
    List<Node> without = new ArrayList<>();
    List<ObjectRule.Matching> matched = new ArrayList<>();
    for (int p = 0; p < patterns.size(); p++) {
      boolean in = (set >> p & 1) != 0;
      (in ? with : without).add(patterns.get(p).pattern());
      if (in) {
        matched.add(patterns.get(p));
      }
    }
    Sub value = Sub.TRUE;
    boolean evaluated = false;
    for (ObjectRule.Layer layer : rule.layers()) {
      boolean covered = false;
      for (ObjectRule.Matching matching : layer.matching()) {
        if (matched.contains(matching)) {
          value = value.and(matching.value());
          covered = true;
        }
      }
      if (!covered && layer.additional().isPresent()) {
        value = value.and(layer.additional().get());
        covered = true;
      }
      evaluated |= covered;
    }
    if (!evaluated && rule.unevaluated().isPresent()) {
      value = value.and(rule.unevaluated().get());
    }
    if (value.isFalse()) {
      return;
    }
    Leaf keys = values.strings.keys(with, without, names, named.keySet());
    if (keys != null) {
      others.add(new Others(keys, value));
      network.choosesKeys();
    }
  }

  /** What propertyNames says of keys that are not listed; empty if there are none. */
  private Optional<StringRule> names() {
    StringRule all = StringRule.ANY;
    for (Sub names : rule.names()) {
      List<Case> cases =
          values.spreading.cases(names).stream()
              .filter(one -> (one.meant() & Case.STRING) != 0 && one.literals() == null)
              .toList();
      if (cases.isEmpty()) {
        return Optional.empty();
      }
      if (cases.size() > 1 || !cases.getFirst().excluded().isEmpty()) {
        throw names.terms().getFirst().node().refused("one pattern, or a list of keys");
      }
      all = all.and(cases.getFirst().strings());
    }
    return Optional.of(all);
  }

  private void bounds() {
    int required = rule.required().size();
    least = rule.least() <= required ? 0 : rule.least();
    most = rule.most();
    if (most >= 0 && others.isEmpty() && most >= order.size()) {
      most = -1;
    }
    if (most > MOST_COUNTED) {
      most = MOST_COUNTED;
    }
    if (least > MOST_COUNTED) {
      throw new Budget.Exceeded("minProperties of at most " + MOST_COUNTED);
    }
    if (most >= 0 && least == 0 && rule.least() > 0) {
      least = Math.min(rule.least(), required);
    }
  }
}
