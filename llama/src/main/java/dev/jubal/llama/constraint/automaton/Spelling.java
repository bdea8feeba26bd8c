package dev.jubal.llama.constraint.automaton;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How the characters of an alphabet are written in bytes: a trie with a class at each leaf. One
 * serves all states of an automaton. Entry 0 is the root; a child is {@link #NONE}, a node (0 and
 * up) or a class ({@code -2 - class}).
 */
final class Spelling {
  static final int NONE = -1;

  private final Alphabet alphabet;
  private final Budget budget;
  private final List<int[]> nodes = new ArrayList<>();
  private final List<int[]> used = new ArrayList<>();
  private final Map<IntKey, Integer> interned = new HashMap<>();

  /**
   * @param quoted inside a JSON string, where each character is written in one way only; else as
   *     plain UTF-8
   */
  Spelling(Alphabet alphabet, boolean quoted, Budget budget) {
    this.alphabet = alphabet;
    this.budget = budget;
    int[] root = empty();
    nodes.add(root);
    used.add(new int[0]);
    for (int c = 0; c < 0x80; c++) {
      if (!quoted || (c >= 0x20 && c != '"' && c != '\\')) {
        root[c] = leaf(c);
      }
    }
    if (quoted) {
      root['\\'] = escapes();
    }
    for (int lead = 0xC2; lead < 0xE0; lead++) {
      root[lead] = continuation((lead & 0x1F) << 6, 1);
    }
    for (int lead = 0xE0; lead < 0xF0; lead++) {
      root[lead] = continuation((lead & 0x0F) << 12, 2);
    }
    for (int lead = 0xF0; lead < 0xF5; lead++) {
      root[lead] = continuation((lead & 0x07) << 18, 3);
    }
    used.set(0, classesUnder(root));
  }

  private static int[] empty() {
    int[] node = new int[256];
    Arrays.fill(node, NONE);
    return node;
  }

  private int leaf(int character) {
    return -2 - alphabet.classOf(character);
  }

  private int escapes() {
    int[] high = empty();
    int[] low = empty();
    for (int c = 0; c < 0x20; c++) {
      if ("\b\t\n\f\r".indexOf(c) < 0) {
        (c < 0x10 ? low : high)[Character.forDigit(c & 15, 16)] = leaf(c);
      }
    }
    int[] digit = empty();
    digit['0'] = intern(low);
    digit['1'] = intern(high);
    int[] second = empty();
    second['0'] = intern(digit);
    int[] first = empty();
    first['0'] = intern(second);
    int[] escape = empty();
    escape['u'] = intern(first);
    String letters = "btnfr";
    for (int i = 0; i < letters.length(); i++) {
      escape[letters.charAt(i)] = leaf("\b\t\n\f\r".charAt(i));
    }
    escape['"'] = leaf('"');
    escape['\\'] = leaf('\\');
    return intern(escape);
  }

  /** The node that reads so many more bytes of the characters that begin at {@code from}. */
  private int continuation(int from, int bytes) {
    int least = new int[] {0, 0x80, 0x800, 0x10000}[bytes];
    int[] node = empty();
    int step = 1 << (6 * (bytes - 1));
    for (int i = 0; i < 64; i++) {
      int base = from + i * step;
      if (base + step - 1 < least && bytes > 1) {
        continue;
      }
      if (base > 0x10FFFF || (base >= 0xD800 && base + step - 1 <= 0xDFFF)) {
        continue;
      }
      node[0x80 + i] = bytes == 1 ? leaf(base) : below(base, bytes - 1);
    }
    return intern(node);
  }

  private int below(int from, int bytes) {
    int all = alphabet.classOfAll(from, from + (1 << (6 * bytes)) - 1);
    if (all < 0) {
      return continuation(from, bytes);
    }
    int child = -2 - all;
    for (int i = 0; i < bytes; i++) {
      int[] node = empty();
      Arrays.fill(node, 0x80, 0xC0, child);
      child = intern(node);
    }
    return child;
  }

  private int intern(int[] node) {
    budget.steps(30);
    return interned.computeIfAbsent(
        new IntKey(node),
        key -> {
          nodes.add(node);
          used.add(classesUnder(node));
          return nodes.size() - 1;
        });
  }

  private int[] classesUnder(int[] node) {
    BitSet classes = new BitSet();
    for (int child : node) {
      if (child <= -2) {
        classes.set(-2 - child);
      } else if (child > 0) {
        for (int c : used.get(child)) {
          classes.set(c);
        }
      }
    }
    return classes.stream().toArray();
  }

  int[] node(int index) {
    return nodes.get(index);
  }

  /** The classes that occur under a node, ascending. */
  int[] classes(int index) {
    return used.get(index);
  }
}
