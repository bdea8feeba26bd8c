package dev.jubal.llama.constraint.network;

import dev.jubal.llama.constraint.automaton.Budget;
import dev.jubal.llama.constraint.automaton.IntList;
import dev.jubal.llama.constraint.automaton.Leaf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/** A network in the making. */
public final class NetworkBuilder {
  private static final int MOST_STATES = 400_000;
  private static final int STATE_BYTES = 9;
  private static final int ARC_BYTES = 12;

  final IntList kinds = new IntList();
  final IntList callees = new IntList();
  final IntList targets = new IntList();
  final List<Leaf> leaves = new ArrayList<>();
  final List<Network.Need> needs = new ArrayList<>();
  boolean openKeys;
  boolean commits;
  private final IntList sources = new IntList();
  private final IntList stateMarks = new IntList();
  private final IdentityHashMap<Leaf, Integer> leafNumbers = new IdentityHashMap<>();
  private final Budget budget;

  public NetworkBuilder(Budget budget) {
    this.budget = budget;
  }

  /** A copy that can be added to. */
  public NetworkBuilder(NetworkBuilder other, Budget budget) {
    this(budget);
    other.leaves.forEach(this::number);
    for (int i = 0; i < other.kinds.size(); i++) {
      arc(other.sources.get(i), other.kinds.get(i), other.callees.get(i), other.targets.get(i));
    }
    for (int s = 0; s < other.stateMarks.size(); s++) {
      stateMarks.add(other.stateMarks.get(s));
    }
    needs.addAll(other.needs);
    openKeys = other.openKeys;
    commits = other.commits;
  }

  public int state() {
    return state(0);
  }

  /** A new state with marks of {@link Network}. */
  public int state(int marks) {
    if (stateMarks.size() >= MOST_STATES) {
      throw new Budget.Exceeded("a smaller form");
    }
    budget.steps(4);
    budget.bytes(STATE_BYTES);
    stateMarks.add(marks);
    return stateMarks.size() - 1;
  }

  public void mark(int state, int marks) {
    stateMarks.set(state, stateMarks.get(state) | marks);
    commits |= (marks & Network.COMMIT) != 0;
  }

  /** The text has keys or items that only the text itself can keep apart. */
  public void choosesKeys() {
    openKeys = true;
  }

  /** The network is of no use unless a rule has at least so many different values. */
  public void needs(int rule, int values) {
    needs.add(new Network.Need(rule, values));
  }

  public void octets(int from, int low, int high, int to) {
    arc(from, Network.OCTETS, low | (high << 8), to);
  }

  public void empty(int from, int to) {
    arc(from, Network.EMPTY, 0, to);
  }

  public void call(int from, int rule, int to) {
    arc(from, Network.RULE, rule, to);
  }

  public void leaf(int from, Leaf leaf, int to) {
    arc(from, Network.LEAF, number(leaf), to);
  }

  private int number(Leaf leaf) {
    return leafNumbers.computeIfAbsent(
        leaf,
        key -> {
          leaves.add(key);
          return leaves.size() - 1;
        });
  }

  /** Reads a text; returns the state behind it. */
  public int text(int from, String text) {
    return text(from, text.getBytes(StandardCharsets.UTF_8), 0);
  }

  /** Reads bytes through states with some marks; returns the state behind them. */
  public int text(int from, byte[] text, int marks) {
    int state = from;
    for (byte octet : text) {
      int next = state(marks);
      octets(state, octet & 255, octet & 255, next);
      state = next;
    }
    return state;
  }

  private void arc(int from, int kind, int callee, int to) {
    budget.steps(4);
    budget.bytes(ARC_BYTES);
    sources.add(from);
    kinds.add(kind);
    callees.add(callee);
    targets.add(to);
  }

  int[] starts() {
    int[] starts = new int[stateMarks.size() + 1];
    for (int i = 0; i < sources.size(); i++) {
      starts[sources.get(i) + 1]++;
    }
    for (int s = 1; s < starts.length; s++) {
      starts[s] += starts[s - 1];
    }
    return starts;
  }

  /** A column of the arcs, ordered by source. */
  int[] sorted(IntList column) {
    int[] at = starts();
    int[] sorted = new int[column.size()];
    for (int i = 0; i < column.size(); i++) {
      sorted[at[sources.get(i)]++] = column.get(i);
    }
    return sorted;
  }

  byte[] marks() {
    byte[] marks = new byte[stateMarks.size()];
    for (int s = 0; s < marks.length; s++) {
      marks[s] = (byte) stateMarks.get(s);
    }
    return marks;
  }

  /**
   * Makes the network.
   *
   * @throws EndlessRecursion if a rule calls itself before anything is read
   */
  public Network build(int root) {
    Network network = new Network(this, root);
    new Recursion(network).check();
    return network;
  }
}
