package dev.jubal.llama.constraint;

import dev.jubal.llama.constraint.automaton.IntKey;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Numbers of stacks and configurations, and the sets made of them. A machine throws its tables away
 * when they have grown too large; sets of old tables are carried over when they are met again.
 */
final class Tables {
  /** The empty stack. */
  static final int BOTTOM = 0;

  /** Triples of a return state, the stack below, and how deep it is. */
  final Interner stacks = new Interner();

  /** Triples of a leaf (-1: none), a state of it or of the network, and a stack. */
  final Interner configs = new Interner();

  private final Map<IntKey, ConfigSet> sets = new HashMap<>();
  final ConfigSet dead = new ConfigSet(this, new int[0], false);
  private long bytes;

  Tables() {
    stacks.number(-1, -1, 0);
  }

  int push(int state, int below) {
    return stacks.number(state, below, stacks.third(below) + 1);
  }

  /**
   * The set of some configurations.
   *
   * @param sorted ascending, each once; must not change
   */
  ConfigSet set(int[] sorted, boolean accepts) {
    if (sorted.length == 0 && !accepts) {
      return dead;
    }
    int[] key = Arrays.copyOf(sorted, sorted.length + 1);
    key[sorted.length] = accepts ? -1 : -2;
    return sets.computeIfAbsent(
        new IntKey(key),
        k -> {
          bytes += 150 + 8L * sorted.length;
          return new ConfigSet(this, sorted, accepts);
        });
  }

  void grown(long by) {
    bytes += by;
  }

  long bytes() {
    return bytes + 24L * (stacks.size() + configs.size());
  }
}
