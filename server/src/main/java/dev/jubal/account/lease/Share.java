package dev.jubal.account.lease;

import dev.jubal.platform.sql.Inserts;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * What this node may have in use of one name at once. Its fields belong to whoever holds the lock
 * of the figures that it bounds.
 *
 * <p>The row in the database is at least what is lent here and what was spent of it and not told
 * yet, so that nothing that is settled is given to another node before it stands in the sums.
 */
public final class Share {
  final String name;

  /** Of who asks other nodes, or gives back; taken before {@link #lock}. */
  final ReentrantLock asking = new ReentrantLock(true);

  final ReentrantLock lock;
  private final LongSupplier used;
  private long lent;
  private long untold;
  private long revisions;
  private long refusedFrom = Long.MAX_VALUE;
  private long refusedUntilNanos;
  private long gone;
  private Optional<Duration> free = Optional.empty();
  private long lookNanos = System.nanoTime();
  private long touchedNanos = System.nanoTime();

  /**
   * A share of which nothing is lent yet.
   *
   * @param lock of the figures
   * @param used what is in use of it now; asked with the lock held
   */
  public Share(String name, ReentrantLock lock, LongSupplier used) {
    this.name = Inserts.clean(name);
    this.lock = lock;
    this.used = used;
  }

  /** Its name among all that is shared. */
  public String name() {
    return name;
  }

  /** Whether so much more may be in use. Who finds that it may not is expected to ask for it. */
  public boolean covers(long more) {
    touchedNanos = System.nanoTime();
    return lacks(more) <= 0;
  }

  long lacks(long more) {
    return Math.addExact(used.getAsLong(), more) - lent;
  }

  /** All that may be in use at once. */
  public long lent() {
    return lent;
  }

  long used() {
    return used.getAsLong();
  }

  /** What was spent since the row was written. */
  long untold() {
    return untold;
  }

  long revisions() {
    return revisions;
  }

  /** Spent for good: it is no longer this node's, and stays in the row until that is told. */
  public void spend(long amount) {
    lent -= amount;
    untold += amount;
  }

  /** The row is written: so much of what was spent is told, and there is more. */
  void written(long told, long more) {
    untold -= told;
    lent += more;
  }

  /** What is not in use is not used from now on. */
  void cut() {
    lent = Math.min(lent, used.getAsLong());
  }

  /** The whole is another one now: what is not in use, or on its way, is asked for anew. */
  public void revise() {
    revisions++;
    cut();
    forget();
  }

  /** There was not enough for so much; who asks for as much soon after hears the same. */
  void refused(long more, Leases.Answer answer, long nanos) {
    refusedFrom = more;
    refusedUntilNanos = System.nanoTime() + nanos;
    gone = answer.gone();
    free = answer.free();
  }

  boolean refuses(long more) {
    return more >= refusedFrom && System.nanoTime() - refusedUntilNanos < 0;
  }

  /** Forgets a refusal, as there may be more now. */
  void forget() {
    refusedFrom = Long.MAX_VALUE;
  }

  /** The last refusal, told to who asks for so much; of what is free it speaks for no more. */
  Shares.Refused refusal(long more) {
    long taken = Math.addExact(gone, used.getAsLong());
    return new Shares.Refused(taken, free.filter(_ -> more <= refusedFrom));
  }

  /** Whether somebody asked just now, and others have not given back yet. */
  boolean tooSoon() {
    return System.nanoTime() - lookNanos < 0;
  }

  void lookAgainIn(long nanos) {
    lookNanos = System.nanoTime() + nanos;
  }

  /** Whether no row is needed for it. */
  public boolean empty() {
    return lent == 0 && untold == 0;
  }

  boolean idle(long nanos) {
    return used.getAsLong() == 0 && System.nanoTime() - touchedNanos > nanos;
  }

  /** Others took over all of it. */
  void lost() {
    lent = 0;
    untold = 0;
  }
}
