package dev.jubal.llama.constraint.network;

import dev.jubal.llama.constraint.automaton.Leaf;
import java.util.BitSet;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A recursive transition network over bytes. A state has arcs; a rule is a state from which a final
 * state can be reached, and a call of a rule goes on at the arc's target once the rule has ended.
 * Immutable.
 */
public final class Network {
  /** Reads one byte from {@link #low} to {@link #high}. */
  public static final int OCTETS = 0;

  /** Goes on without reading. */
  public static final int EMPTY = 1;

  /** Calls the rule {@link #callee}. */
  public static final int RULE = 2;

  /** Reads what the leaf {@link #callee} accepts. */
  public static final int LEAF = 3;

  /** Marks of states: what the text around a state is. */
  public static final int FINAL = 1;

  /** Text around the JSON values of a form, such as what a model family puts around calls. */
  public static final int OUTSIDE = 2;

  /** Just behind the bracket that opens an array whose items differ. */
  public static final int UNIQUE = 4;

  /** Whoever comes here leaves all other ways behind. */
  public static final int COMMIT = 8;

  /** A rule and how many different values it must have for the network to be of use. */
  public record Need(int rule, int values) {}

  private static final BitSet ANY_OCTET = BitSet.valueOf(new long[] {-1, -1, -1, -1});

  private final int root;
  private final int[] starts;
  private final int[] kinds;
  private final int[] callees;
  private final int[] targets;
  private final byte[] marks;
  private final List<Leaf> leaves;
  private final boolean openKeys;
  private final boolean commits;
  private final int[] distances;
  private final List<Need> needs;
  private @Nullable TextCounts texts;

  Network(NetworkBuilder from, int root) {
    this.root = root;
    this.starts = from.starts();
    this.kinds = from.sorted(from.kinds);
    this.callees = from.sorted(from.callees);
    this.targets = from.sorted(from.targets);
    this.marks = from.marks();
    this.openKeys = from.openKeys;
    this.commits = from.commits;
    this.leaves = List.copyOf(from.leaves);
    this.needs = List.copyOf(from.needs);
    this.distances = new Distances(this, ANY_OCTET).compute();
  }

  private Network(Network from, List<Leaf> leaves, BitSet octets) {
    this.root = from.root;
    this.starts = from.starts;
    this.kinds = from.kinds;
    this.callees = from.callees;
    this.targets = from.targets;
    this.marks = from.marks;
    this.openKeys = from.openKeys;
    this.commits = from.commits;
    this.needs = from.needs;
    this.leaves = leaves;
    this.distances =
        from.needsOnly(octets, leaves) ? from.distances : new Distances(this, octets).compute();
  }

  /**
   * The same network where bytes that are not in a set are never needed.
   *
   * @param octets the bytes that can be produced one by one
   * @param leaves the leaf that takes a leaf's place
   */
  public Network within(BitSet octets, UnaryOperator<Leaf> leaves) {
    return new Network(this, this.leaves.stream().map(leaves).toList(), octets);
  }

  /** Whether the distances stay as they are. */
  private boolean needsOnly(BitSet octets, List<Leaf> within) {
    for (int i = 0; i < within.size(); i++) {
      Leaf old = leaves.get(i);
      Leaf now = within.get(i);
      if (old.distance(old.start()) != now.distance(now.start())) {
        return false;
      }
    }
    for (int arc = 0; arc < kinds.length; arc++) {
      if (kinds[arc] == OCTETS && octets.nextSetBit(low(arc)) != low(arc)) {
        return false;
      }
    }
    return true;
  }

  public int root() {
    return root;
  }

  public int states() {
    return marks.length;
  }

  /** The first arc of a state; its arcs end where those of the next state begin. */
  public int firstArc(int state) {
    return starts[state];
  }

  public int kind(int arc) {
    return kinds[arc];
  }

  public int low(int arc) {
    return callees[arc] & 255;
  }

  public int high(int arc) {
    return callees[arc] >> 8;
  }

  public int callee(int arc) {
    return callees[arc];
  }

  public int target(int arc) {
    return targets[arc];
  }

  public boolean marked(int state, int mark) {
    return (marks[state] & mark) != 0;
  }

  public Leaf leaf(int index) {
    return leaves.get(index);
  }

  public int leafCount() {
    return leaves.size();
  }

  /** Least number of bytes from a state to the end of its rule; {@link Leaf#FAR} for no way. */
  public int distance(int state) {
    return distances[state];
  }

  /** The rules that must have so many different values. */
  public List<Need> needs() {
    return needs;
  }

  /** How many texts a rule has, those counted twice that two ways lead to. */
  public synchronized int texts(int rule) {
    if (texts == null) {
      texts = new TextCounts(this);
    }
    return texts.from(rule);
  }

  /** Whether the form can be met at all. */
  public boolean satisfiable() {
    return distances[root] < Leaf.FAR;
  }

  /** Whether a form has objects with keys of the model's choice, or arrays of different items. */
  public boolean choosesKeys() {
    return openKeys;
  }

  /** Whether there are states marked {@link #COMMIT}. */
  public boolean commits() {
    return commits;
  }

  /** Memory held, leaves not counted. */
  public long bytes() {
    return 12L * kinds.length + 9L * marks.length;
  }
}
