package dev.jubal.inference.work;

import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.DatabaseException;
import dev.jubal.platform.sql.OwnConnection;
import dev.jubal.platform.sql.Session;
import dev.jubal.platform.sql.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Stores events as they are made, on a connection of its own. Thread-safe.
 *
 * <p>An event counts as stored when the operating system has it: it survives the end of the
 * process, not a power cut, after which its request starts again from an earlier event. Waiting for
 * the disk at each event would slow an answer down more than that is worth; its end waits. On
 * PostgreSQL that server takes the place of the operating system.
 */
final class EventLog implements AutoCloseable {
  private static final Duration BUSY = Duration.ofSeconds(5);

  private final OwnConnection own;
  private final ReentrantLock lock = new ReentrantLock();

  EventLog(Database database) {
    try {
      this.own = database.own(Database.Sync.NORMAL, BUSY);
    } catch (SQLException e) {
      throw new DatabaseException("The log of events cannot be opened: " + e.getMessage(), e);
    }
  }

  /**
   * Stores one.
   *
   * @throws DatabaseException when it cannot be
   */
  void append(String id, int n, byte[] sealed) {
    lock.lock();
    boolean committed = false;
    try {
      Connection connection = own.get();
      Transactions.begin(connection, BUSY);
      insert(Session.on(connection), id, n, sealed);
      Transactions.commit(connection);
      committed = true;
    } catch (SQLException e) {
      throw new DatabaseException("An event cannot be stored: " + e.getMessage(), e);
    } finally {
      if (!committed) {
        own.undo();
      }
      lock.unlock();
    }
  }

  static void insert(Session session, String id, int n, byte[] sealed) {
    session.update("INSERT INTO work_event (work_id, n, event) VALUES (?, ?, ?)", id, n, sealed);
  }

  @Override
  public void close() {
    lock.lock();
    try {
      own.close();
    } catch (SQLException e) {
      throw new DatabaseException("The log of events did not close: " + e.getMessage(), e);
    } finally {
      lock.unlock();
    }
  }
}
