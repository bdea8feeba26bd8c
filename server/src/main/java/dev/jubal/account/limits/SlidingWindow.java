package dev.jubal.account.limits;

/**
 * A sum over the last stretch of time, in a ring of slots. A slot counts whole until the last
 * moment in it has left the window, so that no stretch of the window's length, wherever it begins,
 * can hold more than the sum shows; what is counted leaves at most one slot late. Memory and work
 * do not depend on how much is counted. Not thread-safe.
 */
final class SlidingWindow {
  private final long slotNanos;
  private final long[] counts;
  private long newest = Long.MIN_VALUE;
  private long sum;

  /**
   * A window.
   *
   * @param nanos its length, a multiple of {@code slots}
   */
  SlidingWindow(long nanos, int slots) {
    this.slotNanos = nanos / slots;
    this.counts = new long[slots + 1]; // the present one is never whole
  }

  /** What is in the window; a time before an earlier one counts as that one. */
  long sum(long now) {
    advance(now);
    return sum;
  }

  /** Counts more, and says in which slot. */
  long add(long now, long amount) {
    advance(now);
    counts[place(newest)] += amount;
    sum += amount;
    return newest;
  }

  /** Counts what was a while ago, unless it has left by now. */
  void addPast(long now, long ageNanos, long amount) {
    advance(now);
    long slot = Math.floorDiv(now - Math.max(0, ageNanos), slotNanos);
    if (slot > newest - counts.length) {
      counts[place(Math.min(slot, newest))] += amount;
      sum += amount;
    }
  }

  /** Takes back what was counted in a slot, unless it has left by now. */
  void giveBack(long now, long slot, long amount) {
    advance(now);
    if (slot > newest - counts.length) {
      counts[place(slot)] -= amount;
      sum -= amount;
    }
  }

  /** Nanoseconds until at most so much is left; 0 when that is so now. */
  long untilAtMost(long now, long most) {
    advance(now);
    long left = sum;
    for (long slot = newest - counts.length + 1; slot <= newest && left > most; slot++) {
      left -= counts[place(slot)];
      if (left <= most) {
        return Math.max(1, (slot + counts.length) * slotNanos - now);
      }
    }
    return 0;
  }

  /** How long what is counted now stays, in nanoseconds. */
  long length() {
    return counts.length * slotNanos;
  }

  private void advance(long now) {
    long slot = Math.floorDiv(now, slotNanos);
    if (slot <= newest) {
      return;
    }
    if (newest == Long.MIN_VALUE || slot - newest >= counts.length) {
      java.util.Arrays.fill(counts, 0);
      sum = 0;
    } else {
      for (long s = newest + 1; s <= slot; s++) {
        sum -= counts[place(s)];
        counts[place(s)] = 0;
      }
    }
    newest = slot;
  }

  private int place(long slot) {
    return (int) Math.floorMod(slot, (long) counts.length);
  }
}
