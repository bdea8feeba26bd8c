package dev.jubal.llama.constraint.schema;

import dev.jubal.llama.constraint.automaton.Alphabet;
import dev.jubal.llama.constraint.automaton.Budget;
import dev.jubal.llama.constraint.automaton.CharDfa;
import dev.jubal.llama.constraint.automaton.CharSet;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The multiples of a number: long division in an automaton. A state is the rest of the digits read
 * so far and how many of them stand behind the point.
 */
final class Multiples {
  private static final int MOST_STATES = 11_000;

  private Multiples() {}

  static CharDfa of(BigDecimal multiple, Budget budget) {
    BigDecimal plain = multiple.stripTrailingZeros();
    int places = Math.max(0, plain.scale());
    BigDecimal divisor = plain.scaleByPowerOfTen(places);
    if (divisor.compareTo(BigDecimal.valueOf(MOST_STATES)) > 0
        || divisor.longValueExact() * (places + 2) > MOST_STATES) {
      throw new Budget.Exceeded("multipleOf with fewer digits");
    }
    int by = divisor.intValueExact();
    List<CharSet> sets = new ArrayList<>();
    for (char digit = '0'; digit <= '9'; digit++) {
      sets.add(CharSet.of(digit));
    }
    sets.add(CharSet.of('-'));
    sets.add(CharSet.of('.'));
    Alphabet alphabet = Alphabet.of(sets);
    // State 0: nothing read. Then for each count of places and each rest one state.
    int classes = alphabet.count();
    int[] next = new int[(1 + (places + 1) * by) * classes];
    Arrays.fill(next, -1);
    BitSet accepting = new BitSet();
    next[alphabet.classOf('-')] = 0;
    for (int behind = -1; behind <= places; behind++) {
      for (int rest = 0; rest < (behind < 0 ? 1 : by); rest++) {
        int state = behind < 0 ? 0 : 1 + behind * by + rest;
        accept(accepting, state, behind, rest, places, by);
        for (int digit = 0; digit <= 9; digit++) {
          int after = behind > 0 ? behind + 1 : Math.max(behind, 0);
          if (after <= places) {
            next[state * classes + alphabet.classOf('0' + digit)] =
                1 + after * by + (rest * 10 + digit) % by;
          }
        }
      }
    }
    return points(alphabet, next, accepting, places, by, budget);
  }

  private static void accept(
      BitSet accepting, int state, int behind, int rest, int places, int by) {
    long scaled = rest;
    for (int i = Math.max(behind, 0); i < places; i++) {
      scaled = scaled * 10 % by;
    }
    accepting.set(state, behind >= 0 && scaled == 0);
  }

  /**
   * Adds the point: the digit behind it is the first place, so the point and that digit go through
   * a state of their own.
   */
  private static CharDfa points(
      Alphabet alphabet, int[] next, BitSet accepting, int places, int by, Budget budget) {
    int classes = alphabet.count();
    int states = next.length / classes;
    int[] table = Arrays.copyOf(next, (states + (places > 0 ? by : 0)) * classes);
    Arrays.fill(table, next.length, table.length, -1);
    for (int rest = 0; places > 0 && rest < by; rest++) {
      int point = states + rest;
      table[(1 + rest) * classes + alphabet.classOf('.')] = point;
      for (int digit = 0; digit <= 9; digit++) {
        table[point * classes + alphabet.classOf('0' + digit)] = 1 + by + (rest * 10 + digit) % by;
      }
    }
    return CharDfa.of(alphabet, table, accepting, budget);
  }
}
