package dev.jubal.llama.constraint;

import dev.jubal.llama.constraint.automaton.IntList;
import dev.jubal.llama.constraint.automaton.Leaf;
import dev.jubal.llama.constraint.network.Network;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Runs a network over bytes and gives the mask of a vocabulary at each place.
 *
 * <p>A configuration is a place in the network: a leaf and its state, or a state with byte arcs,
 * together with the stack of calls to return from. All configurations a text can be in form a
 * {@link ConfigSet}; a step leads from set to set and is remembered, so the automaton becomes
 * deterministic where it is used and only there.
 *
 * <p>A mask is put together from three kinds of parts: for each leaf its own mask, which does not
 * depend on the form and is shared by all forms; where a leaf can end inside a token, a walk over
 * the rest of such tokens; one walk over the whole trie for the states with byte arcs, which leaves
 * almost all of it at the first byte.
 *
 * <p>Not thread-safe: its matchers hold the lock of the machine.
 */
final class Machine {
  private static final long MOST_BYTES = 24 << 20;

  private final Network network;
  private final Vocab vocab;
  private final LeafMasks[] leaves;
  private final Closing closing = new Closing();
  private Tables tables = new Tables();
  private long maskBuilds;

  Machine(Network network, Vocab vocab, LeafMasks[] leaves) {
    this.network = network;
    this.vocab = vocab;
    this.leaves = leaves;
  }

  Network network() {
    return network;
  }

  Vocab vocab() {
    return vocab;
  }

  /** Memory held, roughly. */
  long bytes() {
    return network.bytes() + tables.bytes();
  }

  /** How many masks were put together so far. */
  long maskBuilds() {
    return maskBuilds;
  }

  ConfigSet start() {
    return start(network.root());
  }

  /** Where the texts of a rule begin. */
  ConfigSet start(int rule) {
    closing.clear();
    closing.add(rule, Tables.BOTTOM);
    return closing.finish();
  }

  /** The same set in the present tables. */
  ConfigSet current(ConfigSet set) {
    if (tables.bytes() > MOST_BYTES) {
      tables = new Tables();
    }
    if (set.home == tables) {
      return set;
    }
    IntList carried = new IntList();
    Interner old = set.home.configs;
    for (int config : set.configs) {
      int stack = carry(set.home.stacks, old.third(config));
      carried.add(tables.configs.number(old.first(config), old.second(config), stack));
    }
    return tables.set(carried.toSortedSet(), set.accepts);
  }

  private int carry(Interner old, int stack) {
    IntList states = new IntList();
    for (int at = stack; at != Tables.BOTTOM; at = old.second(at)) {
      states.add(old.first(at));
    }
    int carried = Tables.BOTTOM;
    while (!states.isEmpty()) {
      carried = tables.push(states.pop(), carried);
    }
    return carried;
  }

  /** The set after a byte; {@link ConfigSet#dead} if it may not come. */
  ConfigSet next(ConfigSet set, int octet) {
    ConfigSet[] known = set.next;
    if (known == null) {
      known = new ConfigSet[256];
      set.next = known;
      set.home.grown(1040);
    }
    ConfigSet next = known[octet];
    if (next == null) {
      closing.clear();
      for (int config : set.configs) {
        step(config, octet);
      }
      next = closing.finish();
      known[octet] = next;
    }
    return next;
  }

  private void step(int config, int octet) {
    int leaf = tables.configs.first(config);
    int state = tables.configs.second(config);
    int stack = tables.configs.third(config);
    if (leaf < 0) {
      for (int arc = network.firstArc(state); arc < network.firstArc(state + 1); arc++) {
        if (network.kind(arc) == Network.OCTETS
            && octet >= network.low(arc)
            && octet <= network.high(arc)) {
          closing.add(network.target(arc), stack);
        }
      }
      return;
    }
    Leaf of = network.leaf(leaf);
    int to = of.next(state, octet);
    if (to >= 0) {
      closing.leaf(leaf, to, stack);
    }
  }

  /** The legal tokens, cached. */
  long[] mask(ConfigSet set) {
    long[] known = set.mask;
    if (known != null) {
      return known;
    }
    maskBuilds++;
    long[] bits = new long[vocab.words()];
    if (crossesCommitment(set)) {
      walk(0, set, bits);
    } else {
      parts(set, bits);
    }
    if (set.accepts) {
      vocab.addEnds(bits);
    }
    set.mask = bits;
    set.home.grown(8L * bits.length);
    return bits;
  }

  private void parts(ConfigSet set, long[] bits) {
    IntList plain = new IntList();
    IntList exits = new IntList();
    for (int config : set.configs) {
      int leaf = tables.configs.first(config);
      if (leaf < 0) {
        plain.add(config);
        continue;
      }
      exits.clear();
      leaves[leaf].add(tables.configs.second(config), bits, exits);
      if (!exits.isEmpty()) {
        ConfigSet behind = behind(tables.configs.third(config));
        for (int i = 0; i < exits.size() && behind.configs.length > 0; i++) {
          walk(exits.get(i), behind, bits);
        }
      }
    }
    if (!plain.isEmpty()) {
      walk(0, tables.set(plain.toSortedSet(), false), bits);
    }
  }

  private ConfigSet behind(int stack) {
    closing.clear();
    closing.add(tables.stacks.first(stack), tables.stacks.second(stack));
    return closing.finish();
  }

  /** Whether a token may pass the point where other ways are left behind. */
  private boolean crossesCommitment(ConfigSet set) {
    boolean outside = false;
    boolean inside = false;
    for (int config : set.configs) {
      boolean out =
          tables.configs.first(config) < 0
              && network.marked(tables.configs.second(config), Network.OUTSIDE);
      outside |= out;
      inside |= !out;
    }
    return outside && inside && network.commits();
  }

  /** Marks the tokens below a node of the trie whose bytes behind the node are legal. */
  private void walk(int node, ConfigSet from, long[] bits) {
    Trie trie = vocab.trie();
    ConfigSet[] way = new ConfigSet[trie.deepest() + 1];
    way[trie.depth(node)] = from;
    int end = trie.end(node);
    for (int i = node + 1; i < end; ) {
      int depth = trie.depth(i);
      ConfigSet set = next(way[depth - 1], trie.octet(i));
      if (set.dead()) {
        i = trie.end(i);
        continue;
      }
      trie.mark(i, bits);
      way[depth] = set;
      i++;
    }
  }

  /** The only byte that may follow, or -1. */
  int only(ConfigSet set) {
    int only = -1;
    for (int config : set.configs) {
      int leaf = tables.configs.first(config);
      int state = tables.configs.second(config);
      for (int octet = 0; octet < 256; octet++) {
        boolean may =
            leaf >= 0 ? network.leaf(leaf).next(state, octet) >= 0 : follows(state, octet);
        if (may && only >= 0 && only != octet) {
          return -1;
        }
        only = may ? octet : only;
      }
    }
    return only;
  }

  private boolean follows(int state, int octet) {
    for (int arc = network.firstArc(state); arc < network.firstArc(state + 1); arc++) {
      if (network.kind(arc) == Network.OCTETS
          && octet >= network.low(arc)
          && octet <= network.high(arc)
          && network.distance(network.target(arc)) < Leaf.FAR) {
        return true;
      }
    }
    return false;
  }

  /** Least number of bytes to where the text may end. */
  int distance(ConfigSet set) {
    int best = set.accepts ? 0 : Leaf.FAR;
    for (int config : set.configs) {
      int leaf = tables.configs.first(config);
      int state = tables.configs.second(config);
      long sum = leaf >= 0 ? network.leaf(leaf).distance(state) : network.distance(state);
      for (int at = tables.configs.third(config); at != Tables.BOTTOM && sum < best; ) {
        sum += network.distance(tables.stacks.first(at));
        at = tables.stacks.second(at);
      }
      best = (int) Math.min(best, sum);
    }
    return best;
  }

  /** The bytes that may follow, nearest to an end first: {@code distance << 8 | byte}. */
  long[] octets(ConfigSet set) {
    long[] known = set.octets;
    if (known != null) {
      return known;
    }
    long[] octets = new long[256];
    int count = 0;
    for (int octet = 0; octet < 256; octet++) {
      ConfigSet next = next(set, octet);
      if (!next.dead()) {
        octets[count++] = (long) distance(next) << 8 | octet;
      }
    }
    long[] sorted = Arrays.copyOf(octets, count);
    Arrays.sort(sorted);
    set.octets = sorted;
    set.home.grown(8L * count);
    return sorted;
  }

  /** Whether a bracket opens an array of different items here. */
  boolean opensUnique(ConfigSet set) {
    for (int config : set.configs) {
      int state = tables.configs.second(config);
      if (tables.configs.first(config) >= 0) {
        continue;
      }
      for (int arc = network.firstArc(state); arc < network.firstArc(state + 1); arc++) {
        if (network.kind(arc) == Network.OCTETS
            && network.low(arc) == '['
            && network.marked(network.target(arc), Network.UNIQUE)) {
          return true;
        }
      }
    }
    return false;
  }

  /** How many texts may at least follow in the string that all ways are in; 0 if there is none. */
  int texts(ConfigSet set) {
    int most = 0;
    for (int config : set.configs) {
      int leaf = tables.configs.first(config);
      if (leaf >= 0) {
        most = Math.max(most, network.leaf(leaf).texts(tables.configs.second(config)));
      }
    }
    return most;
  }

  /** Whether all configurations are around the JSON values of the form, none inside. */
  boolean outside(ConfigSet set) {
    for (int config : set.configs) {
      int leaf = tables.configs.first(config);
      int state =
          leaf >= 0
              ? tables.stacks.first(tables.configs.third(config))
              : tables.configs.second(config);
      if (!network.marked(state, Network.OUTSIDE)) {
        return false;
      }
    }
    return set.configs.length > 0;
  }

  /** Follows everything that needs no byte, and collects where that leads. */
  private final class Closing {
    private final IntList found = new IntList();
    private final IntList openStates = new IntList();
    private final IntList openStacks = new IntList();
    private final Set<Long> seen = new HashSet<>();
    private boolean accepts;
    private boolean committed;

    void clear() {
      found.clear();
      seen.clear();
      accepts = false;
      committed = false;
    }

    ConfigSet finish() {
      return tables.set(found.toSortedSet(), accepts);
    }

    void leaf(int leaf, int state, int stack) {
      Leaf of = network.leaf(leaf);
      if (of.continues(state) && !committed) {
        found.add(tables.configs.number(leaf, state, stack));
      }
      if (of.accepts(state)) {
        add(tables.stacks.first(stack), tables.stacks.second(stack));
      }
    }

    void add(int state, int stack) {
      open(state, stack);
      while (!openStates.isEmpty()) {
        follow(openStates.pop(), openStacks.pop());
      }
    }

    private void open(int state, int stack) {
      if (network.marked(state, Network.COMMIT)) {
        if (!committed) {
          clear();
          openStates.clear();
          openStacks.clear();
          committed = true;
        }
      } else if (committed && openStates.isEmpty()) {
        return; // another way, that began beside the one all have committed to
      }
      if (network.distance(state) < Leaf.FAR && seen.add(((long) state << 32) | stack)) {
        openStates.add(state);
        openStacks.add(stack);
      }
    }

    private void follow(int state, int stack) {
      if (network.marked(state, Network.FINAL)) {
        if (stack == Tables.BOTTOM) {
          accepts = true;
        } else {
          open(tables.stacks.first(stack), tables.stacks.second(stack));
        }
      }
      boolean reads = false;
      for (int arc = network.firstArc(state); arc < network.firstArc(state + 1); arc++) {
        int target = network.target(arc);
        if (network.distance(target) >= Leaf.FAR) {
          continue;
        }
        switch (network.kind(arc)) {
          case Network.OCTETS -> reads = true;
          case Network.EMPTY -> open(target, stack);
          case Network.RULE ->
              open(network.callee(arc), ends(target) ? stack : tables.push(target, stack));
          default -> enter(network.callee(arc), tables.push(target, stack));
        }
      }
      if (reads) {
        found.add(tables.configs.number(-1, state, stack));
      }
    }

    private void enter(int leaf, int stack) {
      Leaf of = network.leaf(leaf);
      if (of.distance(of.start()) < Leaf.FAR) {
        int start = of.start();
        if (of.continues(start)) {
          found.add(tables.configs.number(leaf, start, stack));
        }
        if (of.accepts(start)) {
          open(tables.stacks.first(stack), tables.stacks.second(stack));
        }
      }
    }

    /** Whether a state only returns: then the call need not be remembered. */
    private boolean ends(int state) {
      return network.firstArc(state) == network.firstArc(state + 1)
          && network.marked(state, Network.FINAL);
    }
  }
}
