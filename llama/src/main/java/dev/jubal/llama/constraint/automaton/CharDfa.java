package dev.jubal.llama.constraint.automaton;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A deterministic automaton over characters. Every state can be reached and can reach acceptance;
 * an automaton without states accepts nothing.
 */
public final class CharDfa {
  /** Most states of one automaton. */
  static final int MOST_STATES = 12_000;

  private final Alphabet alphabet;
  private final int[] next;
  private final BitSet accepting;
  private final int states;

  /** The start is state 0; {@code next[state * classes + class]}, -1 for none. */
  private CharDfa(Alphabet alphabet, int[] next, BitSet accepting, int states) {
    this.alphabet = alphabet;
    this.next = next;
    this.accepting = accepting;
    this.states = states;
  }

  /**
   * An automaton from its table: keeps the states that matter and joins those that behave alike.
   *
   * @param next for each state and class the target, -1 for none; state 0 is the start
   */
  public static CharDfa of(Alphabet alphabet, int[] next, BitSet accepting, Budget budget) {
    int classes = alphabet.count();
    int states = next.length / classes;
    budget.steps((long) states * classes * 4);
    int[] joined = new Joining(next, accepting, classes, states, budget).representatives();
    BitSet live = live(next, accepting, classes, states);
    int[] number = new int[states];
    Arrays.fill(number, -1);
    IntList order = new IntList();
    if (states > 0 && live.get(joined[0])) {
      number[joined[0]] = 0;
      order.add(joined[0]);
    }
    for (int i = 0; i < order.size(); i++) {
      for (int c = 0; c < classes; c++) {
        int target = next[order.get(i) * classes + c];
        if (target >= 0 && live.get(target) && number[joined[target]] < 0) {
          number[joined[target]] = order.size();
          order.add(joined[target]);
        }
      }
    }
    int[] kept = new int[order.size() * classes];
    BitSet ends = new BitSet();
    for (int i = 0; i < order.size(); i++) {
      ends.set(i, accepting.get(order.get(i)));
      for (int c = 0; c < classes; c++) {
        int target = next[order.get(i) * classes + c];
        kept[i * classes + c] = target >= 0 && live.get(target) ? number[joined[target]] : -1;
      }
    }
    return new CharDfa(alphabet, kept, ends, order.size());
  }

  private static BitSet live(int[] next, BitSet accepting, int classes, int states) {
    int[] sources = new int[next.length];
    int[] starts = new int[states + 1];
    for (int target : next) {
      if (target >= 0) {
        starts[target + 1]++;
      }
    }
    for (int s = 0; s < states; s++) {
      starts[s + 1] += starts[s];
    }
    int[] at = starts.clone();
    for (int i = 0; i < next.length; i++) {
      if (next[i] >= 0) {
        sources[at[next[i]]++] = i / classes;
      }
    }
    BitSet live = (BitSet) accepting.clone();
    IntList open = new IntList();
    accepting.stream().forEach(open::add);
    while (!open.isEmpty()) {
      int state = open.pop();
      for (int i = starts[state]; i < starts[state + 1]; i++) {
        if (!live.get(sources[i])) {
          live.set(sources[i]);
          open.add(sources[i]);
        }
      }
    }
    return live;
  }

  /** What both accept. */
  public CharDfa and(CharDfa other, Budget budget) {
    return product(other, false, budget);
  }

  /** What this accepts and the other does not. */
  public CharDfa minus(CharDfa other, Budget budget) {
    return product(other, true, budget);
  }

  private CharDfa product(CharDfa other, boolean minus, Budget budget) {
    IntList own = new IntList();
    IntList others = new IntList();
    Alphabet joint = alphabet.refine(other.alphabet, own, others);
    int classes = joint.count();
    Map<Long, Integer> numbers = new HashMap<>();
    IntList pairs = new IntList();
    IntList table = new IntList();
    BitSet ends = new BitSet();
    if (states > 0 && (minus || other.states > 0)) {
      pairs.add(0);
      pairs.add(other.states > 0 ? 0 : -1);
    }
    numbers.put(0L, 0);
    for (int i = 0; i < pairs.size() / 2; i++) {
      int a = pairs.get(i * 2);
      int b = pairs.get(i * 2 + 1);
      ends.set(i, accepting.get(a) && minus != (b >= 0 && other.accepting.get(b)));
      budget.steps(classes * 3L);
      for (int c = 0; c < classes; c++) {
        int toA = next[a * alphabet.count() + own.get(c)];
        int toB = b < 0 ? -1 : other.next[b * other.alphabet.count() + others.get(c)];
        if (toA < 0 || (toB < 0 && !minus)) {
          table.add(-1);
          continue;
        }
        Integer number = numbers.get(((long) toA << 32) | (toB & 0xFFFFFFFFL));
        if (number == null) {
          number = pairs.size() / 2;
          if (number >= MOST_STATES) {
            throw new Budget.Exceeded("a pattern that needs fewer states");
          }
          numbers.put(((long) toA << 32) | (toB & 0xFFFFFFFFL), number);
          pairs.add(toA);
          pairs.add(toB);
        }
        table.add(number);
      }
    }
    return of(joint, table.toArray(), ends, budget);
  }

  /** Whether nothing is accepted. */
  public boolean isEmpty() {
    return states == 0;
  }

  /** Whether a text is accepted. */
  public boolean accepts(String text) {
    int state = states > 0 ? 0 : -1;
    for (int i = 0; i < text.length() && state >= 0; ) {
      int character = text.codePointAt(i);
      i += Character.charCount(character);
      state = next(state, alphabet.classOf(character));
    }
    return state >= 0 && accepting.get(state);
  }

  int states() {
    return states;
  }

  int next(int state, int characterClass) {
    return next[state * alphabet.count() + characterClass];
  }

  boolean accepting(int state) {
    return accepting.get(state);
  }

  Alphabet alphabet() {
    return alphabet;
  }

  /** Everything. */
  public static CharDfa all() {
    Alphabet alphabet = Alphabet.of(List.of());
    BitSet accepting = new BitSet();
    accepting.set(0);
    return new CharDfa(alphabet, new int[] {0}, accepting, 1);
  }

  /** These texts and no others. */
  public static CharDfa words(Collection<String> words, Budget budget) {
    Set<CharSet> characters = new LinkedHashSet<>();
    words.forEach(word -> word.codePoints().forEach(c -> characters.add(CharSet.of(c))));
    Alphabet alphabet = Alphabet.of(characters);
    int classes = alphabet.count();
    IntList table = new IntList();
    BitSet ends = new BitSet();
    row(table, classes, budget);
    for (String word : words) {
      int state = 0;
      for (int character : word.codePoints().toArray()) {
        int cell = state * classes + alphabet.classOf(character);
        if (table.get(cell) < 0) {
          table.set(cell, table.size() / classes);
          row(table, classes, budget);
        }
        state = table.get(cell);
      }
      ends.set(state);
    }
    return of(alphabet, table.toArray(), ends, budget);
  }

  private static void row(IntList table, int classes, Budget budget) {
    if (table.size() / classes >= MOST_STATES) {
      throw new Budget.Exceeded("fewer or shorter values");
    }
    budget.steps(classes);
    budget.bytes(4L * classes);
    for (int c = 0; c < classes; c++) {
      table.add(-1);
    }
  }
}
