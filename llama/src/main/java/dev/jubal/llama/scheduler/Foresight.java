package dev.jubal.llama.scheduler;

import java.util.Arrays;

/**
 * Guesses what a choice says next: what followed the last time its latest tokens stood in prompt or
 * answer. Answers that quote, list or repeat are often guessed right.
 *
 * <p>Guesses are compared with what is drawn even while none is computed ahead, which costs next to
 * nothing; so a choice whose answer becomes predictable is noticed, and so is the end of that.
 */
final class Foresight {
  /** Most tokens computed ahead. */
  static final int MOST = 8;

  /** Tokens that must have stood together before. */
  private static final int GRAM = 3;

  /** How far back is looked: some microseconds' worth. */
  private static final int REACH = 8192;

  /** What a newcomer's guesses are worth: not enough to compute ahead, until two come true. */
  private static final double BEGIN = 0.3;

  private static final double LEARNING = 0.15;

  private final int[] guess = new int[MOST];
  private int guessed;
  private double trust = BEGIN;

  /** Guesses what follows the first {@code length} tokens. */
  void look(int[] tokens, int length) {
    guessed = 0;
    int begin = length - GRAM;
    for (int at = begin - 1; at >= Math.max(0, begin - REACH); at--) {
      if (tokens[at + GRAM - 1] == tokens[length - 1]
          && Arrays.equals(tokens, at, at + GRAM, tokens, begin, length)) {
        int from = at + GRAM;
        guessed = Math.min(MOST, length - from);
        System.arraycopy(tokens, from, guess, 0, guessed);
        return;
      }
    }
  }

  /** Guesses nothing. */
  void lookAway() {
    guessed = 0;
  }

  int guessed() {
    return guessed;
  }

  int guess(int index) {
    return guess[index];
  }

  /** Tells what was drawn where the guess of this index stood; false if it was another token. */
  boolean came(int index, int token) {
    boolean right = guess[index] == token;
    trust += LEARNING * ((right ? 1 : 0) - trust);
    return right;
  }

  /**
   * How many guesses are worth computing when another token in a step costs {@code price} of a step
   * of one: each only counts if all before it come true.
   */
  int worth(double price) {
    double chance = trust;
    double expected = 1;
    double cost = 1;
    int count = 0;
    while (count < guessed && chance * cost > price * expected) {
      expected += chance;
      cost += price;
      chance *= trust;
      count++;
    }
    return count;
  }
}
