package dev.jubal.llama.scheduler;

/**
 * Tells when a value has to be brought to its end, so that it is whole: when the tokens that are
 * left just suffice, or when the model goes round in a circle, as small ones do inside open texts
 * and lists.
 */
final class Landing {
  /** From so few tokens left on the way to the end is looked at. */
  private static final int NEAR = 64;

  /** Tokens kept back, as the next ones may open something that has to be closed again. */
  private static final int KEPT_BACK = 12;

  /** A circle is looked for after every so many tokens. */
  private static final int LOOK_EVERY = 8;

  private static final int LONGEST_PERIOD = 24;
  private static final int ROUNDS = 4;
  private static final int SHORTEST = 24;

  private Landing() {}

  /**
   * The tokens that end the value of a choice now, or none if it may go on.
   *
   * @param left tokens the choice may still have
   */
  static int[] due(Choice choice, Guide guide, int left) {
    boolean near = left <= NEAR;
    boolean circling =
        !near
            && choice.generated() % LOOK_EVERY == 0
            && circles(choice.answer(), choice.generated());
    if ((!near && !circling) || guide.mayEnd()) {
      return new int[0];
    }
    int[] end = guide.shortestEnd();
    boolean fits = end.length <= left;
    return fits && (circling || end.length + KEPT_BACK >= left) ? end : new int[0];
  }

  /** Whether the last tokens are one stretch, several times over. */
  static boolean circles(int[] tokens, int count) {
    for (int period = 1; period <= LONGEST_PERIOD; period++) {
      int length = Math.max(SHORTEST, period * ROUNDS);
      if (length <= count && repeats(tokens, count, period, length)) {
        return true;
      }
    }
    return false;
  }

  private static boolean repeats(int[] tokens, int count, int period, int length) {
    for (int i = count - length + period; i < count; i++) {
      if (tokens[i] != tokens[i - period]) {
        return false;
      }
    }
    return true;
  }
}
