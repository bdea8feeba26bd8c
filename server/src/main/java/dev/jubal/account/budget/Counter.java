package dev.jubal.account.budget;

import dev.jubal.account.lease.Share;
import java.time.Instant;
import java.util.Comparator;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What is spent and held of one budget, by one subject, in one window. Its fields belong to whoever
 * holds its lock; who takes several locks takes them in the order of the keys.
 */
final class Counter {
  /** Which one; {@code subject} is never {@code *}. */
  record Key(String budgetId, String subject, Instant start) implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::budgetId).thenComparing(Key::subject).thenComparing(Key::start);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  final Key key;
  final ReentrantLock lock = new ReentrantLock();
  private long settled;
  private long reserved;
  private boolean loaded;
  private long loadedNanos = System.nanoTime();
  private boolean dropped;
  private boolean told;
  private long touchedNanos = System.nanoTime();

  /** Its share of the budget, where nodes share it. */
  final Share share;

  Counter(Key key) {
    this.key = key;
    this.share = new Share(Lending.name(key), lock, this::reserved);
  }

  /** What was settled before this counter was made. */
  void load(long ticks) {
    settled = Math.addExact(settled, ticks);
    loaded = true;
  }

  /** Forgets what was settled, to be loaded again. Takes the lock itself. */
  void unload() {
    lock.lock();
    try {
      settled = 0;
      loaded = false;
    } finally {
      lock.unlock();
    }
  }

  /** The budget is another one now. Takes the lock itself. */
  void revise() {
    lock.lock();
    try {
      share.revise();
    } finally {
      lock.unlock();
    }
  }

  boolean loaded() {
    return loaded;
  }

  /** What is settled by now, here and elsewhere; what ends at this moment may be in it twice. */
  void reload(long ticks) {
    settled = ticks;
    loadedNanos = System.nanoTime();
  }

  /** Whether others may have spent more since, so that it matters. */
  boolean stale(long nanos) {
    return System.nanoTime() - loadedNanos > nanos;
  }

  void reserve(long ticks) {
    reserved = Math.addExact(reserved, ticks);
    touchedNanos = System.nanoTime();
  }

  /**
   * Gives back what was held, and counts what was used of it. A counter that is not loaded yet will
   * find that in the ledger.
   */
  void settle(long held, long used) {
    reserved -= held;
    if (loaded) {
      settled = Math.addExact(settled, used);
    }
    touchedNanos = System.nanoTime();
  }

  /** All that is spent or may be, as far as this node knows. */
  long taken() {
    return Math.addExact(settled, reserved);
  }

  long settled() {
    return settled;
  }

  long reserved() {
    return reserved;
  }

  void touch() {
    touchedNanos = System.nanoTime();
  }

  /** Whether a soft budget is passed for the first time in its window. */
  boolean tell() {
    boolean first = !told;
    told = true;
    return first;
  }

  boolean dropped() {
    return dropped;
  }

  /**
   * Gives it up when nothing is held of it and nobody asked for a while: the rows have it all.
   * Takes the lock itself, unless somebody has it.
   */
  boolean drop(long idleNanos) {
    if (!lock.tryLock()) {
      return false;
    }
    try {
      if (reserved == 0 && share.empty() && System.nanoTime() - touchedNanos > idleNanos) {
        dropped = true;
      }
      return dropped;
    } finally {
      lock.unlock();
    }
  }
}
