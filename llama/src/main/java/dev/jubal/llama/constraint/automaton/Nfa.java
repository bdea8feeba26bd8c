package dev.jubal.llama.constraint.automaton;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A nondeterministic automaton in the making, built from its end to its beginning: every state is
 * made with the states that follow it. It searches: text before and after a match is accepted
 * unless assertions of the text's begin and end stand in the way.
 */
public final class Nfa {
  private static final int SPLIT = 0;
  private static final int CHARACTERS = 1;
  private static final int BEGIN = 2;
  private static final int END = 3;
  private static final int MATCH = 4;
  private static final int MOST_STATES = 60_000;

  private final Budget budget;
  private final Alphabet alphabet;
  private final Map<CharSet, BitSet> classes = new HashMap<>();
  private final List<BitSet> sets = new ArrayList<>();
  private final IntList kinds = new IntList();
  private final IntList first = new IntList();
  private final IntList second = new IntList();

  /**
   * @param alphabet one that tells all sets apart that will be used
   */
  public Nfa(Alphabet alphabet, Budget budget) {
    this.alphabet = alphabet;
    this.budget = budget;
  }

  /** The state in which the text matches. */
  public int match() {
    return state(MATCH, -1, -1);
  }

  /** Goes either way without reading. */
  public int split(int one, int other) {
    return state(SPLIT, one, other);
  }

  /** A {@link #split} whose second way is filled in later by {@link #lead}, for loops. */
  public int loop(int exit) {
    return state(SPLIT, exit, -1);
  }

  /** Closes a {@link #loop}. */
  public void lead(int loop, int body) {
    second.set(loop, body);
  }

  /** Reads one character of a set. */
  public int characters(CharSet set, int to) {
    sets.add(classes.computeIfAbsent(set, alphabet::classesOf));
    return state(CHARACTERS, sets.size() - 1, to);
  }

  /** Passes only at the begin of the text. */
  public int begin(int to) {
    return state(BEGIN, to, -1);
  }

  /** Passes only at the end of the text. */
  public int end(int to) {
    return state(END, to, -1);
  }

  private int state(int kind, int one, int other) {
    if (kinds.size() >= MOST_STATES) {
      throw new Budget.Exceeded("a pattern with fewer repetitions");
    }
    budget.steps(1);
    kinds.add(kind);
    first.add(one);
    second.add(other);
    return kinds.size() - 1;
  }

  /** The deterministic automaton of all texts in which a match begins somewhere. */
  public CharDfa determinize(int start) {
    int search = loop(start);
    sets.add(all());
    lead(search, state(CHARACTERS, sets.size() - 1, search));
    return new Subsets(search).build();
  }

  private BitSet all() {
    BitSet all = new BitSet();
    all.set(0, alphabet.count());
    return all;
  }

  /** The subset construction. State 0 is the start; {@code done} stands for "matched already". */
  private final class Subsets {
    private final int search;
    private final Map<IntKey, Integer> numbers = new HashMap<>();
    private final List<int[]> members = new ArrayList<>();
    private final BitSet accepting = new BitSet();
    private final IntList table = new IntList();
    private final int[] visited;
    private int visit;
    private boolean matched;
    private boolean matchedAtEnd;
    private boolean endSeen;

    Subsets(int search) {
      this.search = search;
      this.visited = new int[kinds.size()];
    }

    CharDfa build() {
      IntList seeds = new IntList();
      seeds.add(search);
      number(seeds, true);
      for (int i = 0; i < members.size(); i++) {
        int[] from = members.get(i);
        for (int c = 0; c < alphabet.count(); c++) {
          table.add(from.length == 0 && accepting.get(i) ? i : step(from, c));
        }
      }
      return CharDfa.of(alphabet, table.toArray(), accepting, budget);
    }

    private int step(int[] from, int characterClass) {
      budget.steps(from.length + 1L);
      IntList seeds = new IntList();
      for (int state : from) {
        if (sets.get(first.get(state)).get(characterClass)) {
          seeds.add(second.get(state));
        }
      }
      return seeds.isEmpty() ? -1 : number(seeds, false);
    }

    private int number(IntList seeds, boolean begin) {
      matched = false;
      matchedAtEnd = false;
      endSeen = false;
      IntList reading = new IntList();
      close(seeds, begin, false, reading);
      if (!matched && endSeen) {
        close(seeds, begin, true, new IntList());
      }
      int[] set = matched ? new int[0] : reading.toSortedSet();
      int[] key = Arrays.copyOf(set, set.length + 1);
      key[set.length] = matched ? 2 : matchedAtEnd ? 1 : 0;
      Integer known = numbers.get(new IntKey(key));
      if (known != null) {
        return known;
      }
      if (members.size() >= CharDfa.MOST_STATES) {
        throw new Budget.Exceeded("a pattern that needs fewer states");
      }
      budget.bytes(set.length * 4L + alphabet.count() * 4L);
      accepting.set(members.size(), matched || matchedAtEnd);
      members.add(set);
      numbers.put(new IntKey(key), members.size() - 1);
      return members.size() - 1;
    }

    private void close(IntList seeds, boolean begin, boolean end, IntList reading) {
      visit++;
      IntList open = new IntList();
      for (int i = 0; i < seeds.size(); i++) {
        push(open, seeds.get(i));
      }
      while (!open.isEmpty()) {
        int state = open.pop();
        budget.steps(1);
        switch (kinds.get(state)) {
          case SPLIT -> {
            push(open, first.get(state));
            push(open, second.get(state));
          }
          case CHARACTERS -> reading.add(state);
          case BEGIN -> {
            if (begin) {
              push(open, first.get(state));
            }
          }
          case END -> {
            endSeen = true;
            if (end) {
              push(open, first.get(state));
            }
          }
          default -> {
            matched |= !end;
            matchedAtEnd = true;
          }
        }
      }
    }

    private void push(IntList open, int state) {
      if (state >= 0 && visited[state] != visit) {
        visited[state] = visit;
        open.add(state);
      }
    }
  }
}
