package dev.jubal.platform.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.sqlite.SQLiteConnection;

/**
 * Begin, commit, roll back on a connection that is otherwise in auto-commit mode.
 *
 * <p>The driver's own {@code commit()} begins the next transaction at once, which would hold
 * SQLite's write lock while nothing is written; switching auto-commit does not.
 */
public final class Transactions {
  private static final int LOOK_MILLIS = 3; // SQLite looks after 1 and 2 ms

  private Transactions() {}

  /**
   * Begins a writing transaction, taking the write lock where there is one.
   *
   * <p>SQLite's own waiting sleeps up to 100 ms between looks and starves beside a process that
   * writes without pause; short waits in a row get their turn.
   *
   * @param wait how long to wait for another process's lock
   * @throws SQLException when it is not free within that time
   */
  public static void begin(Connection connection, Duration wait) throws SQLException {
    if (!(connection instanceof SQLiteConnection sqlite)) {
      connection.setAutoCommit(false);
      return;
    }
    long end = System.nanoTime() + wait.toNanos();
    int usual = sqlite.getBusyTimeout();
    sqlite.setBusyTimeout(LOOK_MILLIS);
    try {
      while (!begun(connection, end)) {
        Thread.onSpinWait();
      }
    } finally {
      sqlite.setBusyTimeout(usual);
    }
  }

  private static boolean begun(Connection connection, long end) throws SQLException {
    try {
      connection.setAutoCommit(false);
      return true;
    } catch (SQLException e) {
      rollback(connection);
      if (SqlFailure.of(e) == SqlFailure.BUSY && System.nanoTime() < end) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Whether a statement that broke a rule leaves the rest of its transaction as it is; elsewhere
   * the whole transaction is lost with it.
   */
  public static boolean survivesRefusal(Connection connection) {
    return connection instanceof SQLiteConnection;
  }

  /**
   * Commits.
   *
   * @throws SQLException when it failed; the transaction is rolled back then
   */
  public static void commit(Connection connection) throws SQLException {
    try {
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      rollback(connection);
      throw e;
    }
  }

  /**
   * Rolls back whatever is open; SQLite may have done so already.
   *
   * @return whether the connection can still be used
   */
  public static boolean rollback(Connection connection) {
    return connection instanceof SQLiteConnection sqlite
        ? rollbackFile(sqlite)
        : rollbackServer(connection);
  }

  private static boolean rollbackServer(Connection connection) {
    try {
      if (!connection.getAutoCommit()) {
        connection.rollback();
        connection.setAutoCommit(true);
      }
      return !connection.isClosed();
    } catch (SQLException lost) {
      return false;
    }
  }

  private static boolean rollbackFile(SQLiteConnection connection) {
    try (Statement statement = connection.createStatement()) {
      statement.execute("ROLLBACK");
    } catch (SQLException alreadyRolledBack) {
      // the state wanted
    }
    try {
      connection.setAutoCommit(true);
    } catch (SQLException noTransaction) {
      // the driver's flag is set all the same
    }
    return true;
  }
}
