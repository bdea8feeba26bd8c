package dev.jubal.account.ledger;

import dev.jubal.platform.sql.OwnConnection;
import dev.jubal.platform.sql.SqlFailure;
import dev.jubal.platform.sql.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One thread that commits what waits, all of it in one transaction, without a timer: while one
 * commit runs the next group gathers, so a lone row waits for nobody and a crowd shares one sync.
 *
 * <p>A row that breaks a rule fails alone. When a group fails before its commit, each of its rows
 * is tried once more alone, so that one poisoned row takes none with it; more often where another
 * transaction was in the way, since that one is through by then. When the commit itself fails
 * nothing is tried again: the rows may have reached the disk, and recovery will tell. A connection
 * that was lost is made anew for the next group.
 */
final class GroupCommit implements AutoCloseable {
  /** Work done inside the transaction; runs on the writer's thread. */
  interface Entry {
    void write() throws SQLException;

    /** Called after the commit, before the waiter goes on. */
    void committed();
  }

  private record Waiting(Entry entry, CompletableFuture<@Nullable Void> done) {}

  /** What the entries write with. */
  interface Target {
    /**
     * Prepares the statements, at first and after every rollback: the driver drops those that
     * failed.
     */
    void prepare(Connection connection) throws SQLException;

    /** Called inside each transaction after its entries. */
    void finish() throws SQLException;
  }

  private static final int CONFLICTS = 5;

  private final OwnConnection own;
  private final Duration wait;
  private final Target target;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private List<Waiting> queue = new ArrayList<>();
  private boolean closed;
  private boolean prepared;
  private final LongAdder commits = new LongAdder();
  private final LongAdder rows = new LongAdder();
  private final LongAdder failures = new LongAdder();

  GroupCommit(OwnConnection own, Duration wait, Target target) {
    this.own = own;
    this.wait = wait;
    this.target = target;
    this.thread = Thread.ofPlatform().name("jubal-ledger").daemon().start(this::run);
  }

  /**
   * Waits until the entry is committed.
   *
   * @throws SQLException why it is not
   * @throws IllegalStateException after the close
   */
  void commit(Entry entry) throws SQLException {
    Waiting waiting = new Waiting(entry, new CompletableFuture<>());
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("closed");
      }
      queue.add(waiting);
      arrived.signal();
    } finally {
      lock.unlock();
    }
    try {
      waiting.done().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof SQLException failure) {
        throw failure;
      }
      throw e;
    }
  }

  private void run() {
    for (List<Waiting> group = take(); !group.isEmpty(); group = take()) {
      try {
        writeAll(group, CONFLICTS);
      } catch (Throwable e) { // whatever it is, nobody may wait for ever
        rollback();
        group.forEach(w -> fail(w, e));
      }
    }
  }

  /** The next group; empty when closed and all is written. */
  private List<Waiting> take() {
    lock.lock();
    try {
      while (queue.isEmpty() && !closed) {
        arrived.awaitUninterruptibly();
      }
      List<Waiting> group = queue;
      queue = new ArrayList<>();
      return group;
    } finally {
      lock.unlock();
    }
  }

  /**
   * @param conflicts how many more times another transaction may be in the way
   */
  private void writeAll(List<Waiting> group, int conflicts) {
    List<Waiting> written = new ArrayList<>(group.size());
    Connection connection;
    try {
      connection = own.get();
      if (!prepared) {
        target.prepare(connection);
        prepared = true;
      }
      Transactions.begin(connection, wait);
      for (Waiting w : group) {
        if (written(connection, w)) {
          written.add(w);
        }
      }
      target.finish();
    } catch (SQLException e) {
      rollback();
      retryAlone(group, e, conflicts);
      return;
    }
    commit(connection, written);
  }

  /** Writes one row; false when it failed alone and the transaction still stands. */
  private boolean written(Connection connection, Waiting w) throws SQLException {
    try {
      w.entry().write();
      return true;
    } catch (SQLException e) {
      if (SqlFailure.of(e) != SqlFailure.CONSTRAINT || !Transactions.survivesRefusal(connection)) {
        throw e;
      }
      fail(w, e);
    } catch (RuntimeException e) {
      fail(w, e);
    }
    return false;
  }

  private void commit(Connection connection, List<Waiting> written) {
    try {
      Transactions.commit(connection);
    } catch (SQLException e) {
      rollback();
      written.forEach(w -> fail(w, e));
      return;
    }
    commits.increment();
    rows.add(written.size());
    written.forEach(
        w -> {
          w.entry().committed();
          w.done().complete(null);
        });
  }

  private void rollback() {
    own.undo();
    prepared = false;
  }

  private void retryAlone(List<Waiting> group, SQLException cause, int conflicts) {
    SqlFailure kind = SqlFailure.of(cause);
    int left = kind == SqlFailure.CONFLICT ? conflicts - 1 : conflicts;
    boolean alone = group.size() == 1 && (kind != SqlFailure.CONFLICT || left == 0);
    if (alone || kind == SqlFailure.BUSY || kind == SqlFailure.LOST) {
      // a lock that outlasted the timeout would outlast it again, for each row; so would an outage
      group.forEach(w -> fail(w, cause));
      return;
    }
    for (Waiting w : group) {
      if (!w.done().isDone()) {
        writeAll(List.of(w), left);
      }
    }
  }

  private void fail(Waiting w, Throwable why) {
    if (w.done().completeExceptionally(why)) {
      failures.increment();
    }
  }

  /** How many transactions were committed. */
  long commits() {
    return commits.sum();
  }

  /** How many entries were committed. */
  long rows() {
    return rows.sum();
  }

  /** How many entries failed. */
  long failures() {
    return failures.sum();
  }

  /** Refuses new entries and returns when those that wait are written. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      arrived.signal();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
