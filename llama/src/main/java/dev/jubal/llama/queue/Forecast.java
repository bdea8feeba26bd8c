package dev.jubal.llama.queue;

import java.util.Arrays;
import java.util.PriorityQueue;

/**
 * When slots will come free, from how long those before were held.
 *
 * <p>Two moving averages, each over the last {@value #MEMORY} answers or so: the tokens of an
 * answer, and the time a slot is held for each of them. An answer is expected to be of average
 * length, or as long as it may be where that is less. A slot that is held longer than expected is
 * expected to need half the average once more. Times are nanoseconds of any clock that never goes
 * back.
 */
public final class Forecast {
  /** Answers that the averages remember. */
  static final int MEMORY = 16;

  private static final long FREE = -1;
  private static final long SOON = 1_000_000;

  private final long[] since;
  private final int[] limit;
  private double answers;
  private double tokens;
  private double nanos;

  /** A forecast for so many free slots. */
  public Forecast(int slots) {
    since = new long[slots];
    limit = new int[slots];
    Arrays.fill(limit, (int) FREE);
  }

  /** A slot was given to an answer of at most so many tokens. */
  public void placed(int slot, int mostTokens, long now) {
    since[slot] = now;
    limit[slot] = Math.max(0, mostTokens);
  }

  /** A slot came free after an answer of so many tokens; one of none teaches nothing. */
  public void released(int slot, int made, long now) {
    limit[slot] = (int) FREE;
    if (made > 0) {
      double keep = Math.min(1, (MEMORY - 1) / Math.max(1, answers));
      answers = answers * keep + 1;
      tokens = tokens * keep + made;
      nanos = nanos * keep + (now - since[slot]);
    }
  }

  /**
   * What an answer is like.
   *
   * @param tokens it has; 0 while nothing is known
   * @param nanosPerToken time its slot is held for each
   */
  public record Average(double tokens, double nanosPerToken) {

    /** Whether an answer has ended yet, so that anything is known. */
    public boolean known() {
      return tokens > 0;
    }

    /** How long an answer of at most so many tokens is expected to hold its slot. */
    public long holdNanos(int mostTokens) {
      return (long) (nanosPerToken * Math.min(mostTokens, tokens));
    }
  }

  public Average average() {
    return answers > 0 ? new Average(tokens / answers, nanos / tokens) : new Average(0, 0);
  }

  /** Since when a slot is held. */
  public long heldSince(int slot) {
    return since[slot];
  }

  public boolean free(int slot) {
    return limit[slot] == FREE;
  }

  public int freeSlots() {
    int free = 0;
    for (int slot = 0; slot < limit.length; slot++) {
      free += free(slot) ? 1 : 0;
    }
    return free;
  }

  /** In how many nanoseconds each slot is expected to come free; 0 is free now. */
  public PriorityQueue<Long> slots(long now) {
    PriorityQueue<Long> all = new PriorityQueue<>();
    for (int slot = 0; slot < limit.length; slot++) {
      all.add(free(slot) ? 0 : left(slot, now));
    }
    return all;
  }

  private long left(int slot, long now) {
    long held = now - since[slot];
    Average average = average();
    long whole = average.holdNanos(limit[slot]);
    long left = held < whole ? whole - held : whole / 2;
    long most = (long) (average.nanosPerToken * limit[slot]) - held;
    return Math.max(SOON, Math.min(left, most));
  }
}
