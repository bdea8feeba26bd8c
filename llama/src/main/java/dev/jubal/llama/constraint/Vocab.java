package dev.jubal.llama.constraint;

import dev.jubal.llama.constraint.automaton.Leaf;
import dev.jubal.llama.constraint.automaton.StringLeaf;
import dev.jubal.llama.constraint.network.Network;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/**
 * The tokens of one model as constrained decoding sees them. Building it takes some 200 ms for
 * 50,000 tokens; one serves all forms. Thread-safe.
 *
 * <p>Control tokens are never text: each has a private spelling that begins with the byte 0xFF,
 * which is in no valid text, so only a form that names the token can let it through.
 */
public final class Vocab {
  private static final int PRIVATE = 0xFF;
  private static final long MOST_LEAF_BYTES = 96 << 20;
  private static final long MOST_MACHINE_BYTES = 128 << 20;
  private static final int MOST_MACHINES = 256;

  private final int size;
  private final Trie trie;
  private final BitSet ends = new BitSet();
  private final BitSet octets = new BitSet();
  private final Map<String, byte[]> special = new HashMap<>();
  private final byte[][] spellings;
  private final StringMasks strings;
  private final Crossing crossing;
  private final Map<Leaf, LeafMasks> leaves = new LinkedHashMap<>(64, 0.75f, true);
  private final Map<CompiledForm, Machine> machines = new LinkedHashMap<>(64, 0.75f, true);

  /**
   * @param size number of tokens
   * @param pieces the bytes of a token; the name of a control token
   * @param control whether a token steers the model rather than being text
   * @param endsText whether a token ends an answer
   */
  public Vocab(int size, IntFunction<byte[]> pieces, IntPredicate control, IntPredicate endsText) {
    this.size = size;
    this.spellings = new byte[size][];
    for (int token = 0; token < size; token++) {
      byte[] piece = pieces.apply(token);
      ends.set(token, endsText.test(token));
      if (control.test(token) || endsText.test(token)) {
        byte[] spelling = privateSpelling(special.size());
        spellings[token] = spelling;
        special.putIfAbsent(new String(piece, StandardCharsets.UTF_8), spelling);
      } else {
        spellings[token] = contains(piece, PRIVATE) ? new byte[0] : piece;
        if (spellings[token].length == 1) {
          octets.set(piece[0] & 255);
        }
      }
    }
    octets.set(PRIVATE);
    this.crossing = new Crossing(spellings);
    this.trie = new Trie(spellings);
    this.strings = new StringMasks(trie, words(), (StringLeaf) StringLeaf.ANY.within(octets));
    strings.prepare();
  }

  private static byte[] privateSpelling(int index) {
    return new byte[] {
      (byte) PRIVATE,
      (byte) ('a' + (index >> 12 & 15)),
      (byte) ('a' + (index >> 8 & 15)),
      (byte) ('a' + (index >> 4 & 15)),
      (byte) ('a' + (index & 15))
    };
  }

  private static boolean contains(byte[] piece, int octet) {
    for (byte b : piece) {
      if ((b & 255) == octet) {
        return true;
      }
    }
    return false;
  }

  /** Number of tokens. */
  public int size() {
    return size;
  }

  /** Length of a mask. */
  int words() {
    return (size + 63) >> 6;
  }

  Trie trie() {
    return trie;
  }

  boolean ends(int token) {
    return ends.get(token);
  }

  /** The tokens that may cross from one key or item to the next. */
  Crossing crossing() {
    return crossing;
  }

  /** Sets the bits of the tokens that end an answer. */
  void addEnds(long[] bits) {
    for (int end = ends.nextSetBit(0); end >= 0; end = ends.nextSetBit(end + 1)) {
      bits[end >> 6] |= 1L << end;
    }
  }

  /** The bytes of a token as the automaton reads them; none for a token that is never legal. */
  byte[] spelling(int token) {
    return spellings[token];
  }

  /** The private spelling of a control token, by its name; empty if there is no such token. */
  Optional<byte[]> special(String name) {
    return Optional.ofNullable(special.get(name));
  }

  /** Memory held, masks of forms included. */
  public synchronized long bytes() {
    return trie.bytes() + strings.bytes() + leafBytes() + machineBytes();
  }

  private long leafBytes() {
    return leaves.values().stream().mapToLong(LeafMasks::bytes).sum();
  }

  private long machineBytes() {
    return machines.values().stream().mapToLong(Machine::bytes).sum();
  }

  /** The machine of a form, made when first asked for. */
  synchronized Machine machine(CompiledForm form) {
    Machine known = machines.get(form);
    if (known == null) {
      known = bind(form.network(this));
      evict();
      machines.put(form, known);
    }
    return known;
  }

  /** A machine of a network that nobody else uses. */
  synchronized Machine bind(Network unbound) {
    Network network = unbound.within(octets, leaf -> masks(leaf).leaf());
    LeafMasks[] masks = new LeafMasks[network.leafCount()];
    for (int i = 0; i < masks.length; i++) {
      masks[i] = masks(unbound.leaf(i));
    }
    return new Machine(network, this, masks);
  }

  private LeafMasks masks(Leaf leaf) {
    return leaves.computeIfAbsent(
        leaf,
        key -> {
          Leaf bound = leaf.within(octets);
          return bound instanceof StringLeaf string
              ? strings.of(string)
              : new TableMasks(trie, words(), bound);
        });
  }

  private void evict() {
    Iterator<Machine> eldest = machines.values().iterator();
    for (long bytes = machineBytes();
        eldest.hasNext() && (bytes > MOST_MACHINE_BYTES || machines.size() >= MOST_MACHINES); ) {
      bytes -= eldest.next().bytes();
      eldest.remove();
    }
    Iterator<LeafMasks> oldest = leaves.values().iterator();
    for (long bytes = leafBytes(); oldest.hasNext() && bytes > MOST_LEAF_BYTES; ) {
      bytes -= oldest.next().bytes();
      oldest.remove();
    }
  }
}
