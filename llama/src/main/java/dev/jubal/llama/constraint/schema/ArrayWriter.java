package dev.jubal.llama.constraint.schema;

import dev.jubal.llama.constraint.automaton.Budget;
import dev.jubal.llama.constraint.network.Network;
import dev.jubal.llama.constraint.network.NetworkBuilder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Writes arrays. A state stands for how many items there are, as far as that matters, and how many
 * of them count for {@code contains}.
 */
final class ArrayWriter {
  private static final int MOST_COUNTED = 2000;

  /** What the cases of two items at once take, which are kept. */
  private static final int PAIR_BYTES = 300;

  private final ValueWriter values;
  private final NetworkBuilder network;
  private final ArrayRule rule;
  private final int most;
  private final int counted;

  ArrayWriter(ValueWriter values, ArrayRule rule) {
    this.values = values;
    this.network = values.network;
    this.rule = rule;
    // Fewer items than allowed are allowed too.
    this.most = StringRule.fewer(Math.min(rule.most(), MOST_COUNTED), different());
    this.counted = Math.max(Math.max(rule.least(), most), rule.prefix().size());
    if (rule.least() > MOST_COUNTED) {
      throw new Budget.Exceeded("minItems of at most " + MOST_COUNTED);
    }
  }

  void write(int from, int to) {
    if (rule.contained().size() > 1) {
      throw rule.contained().get(1).at().refused("one contains for an array");
    }
    int hits = 0;
    boolean bounded = false;
    if (!rule.contained().isEmpty()) {
      ArrayRule.Contained contained = rule.contained().getFirst();
      bounded = contained.most() >= 0;
      hits = bounded ? contained.most() : contained.least();
      if (hits > 64) {
        throw contained.at().refused("at most 64 items counted");
      }
    }
    int[] states = new int[hits + 1];
    Arrays.fill(states, -1);
    states[0] = network.text(from, "[");
    if (unique()) {
      network.mark(states[0], Network.UNIQUE);
      network.choosesKeys();
      if (most < 0 || rule.least() <= most) {
        enough();
      }
    }
    for (int i = 0; ; i++) {
      if (last(i)) {
        fill(states);
      }
      close(states, i, to);
      if (most >= 0 && i >= most) {
        return;
      }
      states = items(states, i, bounded);
      if (last(i)) {
        return;
      }
    }
  }

  /** How many different items there can be, or -1 if that is not known. */
  private int different() {
    if (!rule.unique() || !rule.prefix().isEmpty()) {
      return -1;
    }
    Set<String> texts = new HashSet<>();
    for (Case one : values.spreading.cases(rule.rest())) {
      if (one.literals() == null && (one.meant() & ~Case.CONSTANTS) != 0) {
        return -1;
      }
      values.values.left(one).forEach(node -> texts.add(node.written()));
      if (one.literals() == null) {
        texts.addAll(Case.constants(one.meant()));
      }
    }
    return texts.size();
  }

  /**
   * Sees to it that each item that must be there has a value left, whatever those before it are.
   */
  private void enough() {
    int prefix = rule.prefix().size();
    int sure = rule.least();
    for (ArrayRule.Contained contained : rule.contained()) {
      sure = Math.max(sure, contained.least() == 0 ? 0 : prefix + contained.least());
    }
    for (int i = 1; i < sure; i++) {
      if (i < prefix || i == sure - 1) {
        int taken = taken(i, Math.min(i, prefix)) + Math.max(0, i - prefix);
        network.needs(values.rule(rule.item(i)), taken + 1);
      }
    }
    for (ArrayRule.Contained contained : rule.contained()) {
      if (contained.least() > 1) {
        network.needs(values.rule(rule.rest().and(contained.what())), contained.least());
      }
    }
  }

  /** How many of the first items may be equal to one. */
  private int taken(int item, int first) {
    int taken = 0;
    for (int i = 0; i < first; i++) {
      taken += disjoint(rule.item(i), rule.item(item)) ? 0 : 1;
    }
    return taken;
  }

  /** Whether no value is both; false if that cannot be told. */
  private boolean disjoint(Sub one, Sub other) {
    values.budget.bytes(PAIR_BYTES);
    return values.spreading.cases(one.and(other)).stream()
        .allMatch(both -> both.literals() != null && values.values.left(both).isEmpty());
  }

  /** Whether items that are equal must be kept apart. */
  private boolean unique() {
    return rule.unique() && (most < 0 || most > 1);
  }

  /** Makes the states that have not been reached yet, but may be by items from here on. */
  private void fill(int[] states) {
    for (int hits = 0; hits < states.length; hits++) {
      if (states[hits] < 0) {
        states[hits] = network.state(unique() ? Network.UNIQUE : 0);
      }
    }
  }

  private void close(int[] states, int items, int to) {
    int needed = rule.contained().isEmpty() ? 0 : rule.contained().getFirst().least();
    for (int hits = needed; hits < states.length && items >= rule.least(); hits++) {
      if (states[hits] >= 0) {
        network.octets(states[hits], ']', ']', to);
      }
    }
  }

  /** Whether items from an index on are all the same to the rule. */
  private boolean last(int index) {
    return index >= counted && index > 0;
  }

  /**
   * Writes the item at an index; behind the last that is counted, the states lead to themselves.
   */
  private int[] items(int[] states, int index, boolean bounded) {
    boolean last = last(index);
    int[] next = last ? states : new int[states.length];
    if (!last) {
      Arrays.fill(next, -1);
    }
    Sub item = rule.item(index);
    for (int hits = 0; hits < states.length; hits++) {
      if (states[hits] < 0) {
        continue;
      }
      int before = index == 0 ? states[hits] : network.text(states[hits], ", ");
      if (rule.contained().isEmpty()) {
        item(before, item, next, 0);
        continue;
      }
      Sub what = rule.contained().getFirst().what();
      int after = hits + 1;
      if (after == states.length && !bounded) {
        item(before, item, next, hits);
      } else {
        if (after < states.length) {
          item(before, item.and(what), next, after);
        }
        item(before, bounded ? item.and(not(what)) : item, next, hits);
      }
    }
    return next;
  }

  private static Sub not(Sub what) {
    Sub.Term term = what.terms().getFirst();
    return term.negated() ? Sub.of(term.node()) : Sub.not(term.node());
  }

  private void item(int from, Sub item, int[] next, int hits) {
    if (next[hits] < 0) {
      next[hits] = network.state(unique() ? Network.UNIQUE : 0);
    }
    if (unique()) {
      // A rule of its own, so that what is left of an item can be told from what is behind it.
      network.call(from, values.rule(item), next[hits]);
    } else {
      values.value(from, item, next[hits]);
    }
  }
}
