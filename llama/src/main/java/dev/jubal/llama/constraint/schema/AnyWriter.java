package dev.jubal.llama.constraint.schema;

import dev.jubal.llama.constraint.automaton.Leaf;
import dev.jubal.llama.constraint.automaton.StringLeaf;
import dev.jubal.llama.constraint.network.Network;
import dev.jubal.llama.constraint.network.NetworkBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Writes values of any kind. They nest {@value #LEVELS} levels deep and no deeper, so that no model
 * can open brackets for ever.
 */
final class AnyWriter {
  private static final int LEVELS = 24;

  private final NetworkBuilder network;
  private final Strings strings;
  private final Numbers numbers;
  private final int[] values = new int[LEVELS + 1];

  AnyWriter(NetworkBuilder network, Strings strings, Numbers numbers) {
    this.network = network;
    this.strings = strings;
    this.numbers = numbers;
    Arrays.fill(values, -1);
  }

  /** The rule of any value. */
  int value() {
    return value(LEVELS);
  }

  /** The rule of any object. */
  int object() {
    int rule = network.state();
    int end = network.state(Network.FINAL);
    object(rule, end, LEVELS - 1);
    return rule;
  }

  private int value(int levels) {
    if (values[levels] >= 0) {
      return values[levels];
    }
    int rule = network.state();
    values[levels] = rule;
    int end = network.state(Network.FINAL);
    network.leaf(rule, StringLeaf.ANY, end);
    network.leaf(rule, Objects.requireNonNull(numbers.leaf(NumberRule.ANY, List.of())), end);
    for (String literal : new String[] {"true", "false", "null"}) {
      network.empty(network.text(rule, literal), end);
    }
    if (levels > 0) {
      object(rule, end, levels - 1);
      array(rule, end, levels - 1);
    }
    return rule;
  }

  private void object(int from, int to, int levels) {
    int open = network.text(from, "{");
    int behindKey = network.state();
    int behindValue = network.state();
    Leaf keys =
        Objects.requireNonNull(strings.keys(List.of(), List.of(), StringRule.ANY, List.of()));
    network.choosesKeys();
    network.octets(open, '}', '}', to);
    network.leaf(open, keys, behindKey);
    network.call(network.text(behindKey, ": "), value(levels), behindValue);
    network.octets(behindValue, '}', '}', to);
    network.leaf(network.text(behindValue, ", "), keys, behindKey);
  }

  private void array(int from, int to, int levels) {
    int open = network.text(from, "[");
    int behindValue = network.state();
    network.octets(open, ']', ']', to);
    network.call(open, value(levels), behindValue);
    network.octets(behindValue, ']', ']', to);
    network.call(network.text(behindValue, ", "), value(levels), behindValue);
  }
}
