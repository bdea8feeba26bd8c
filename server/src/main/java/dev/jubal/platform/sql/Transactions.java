package dev.jubal.platform.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Begin, commit, roll back on a connection that is otherwise in auto-commit mode.
 *
 * <p>The driver's own {@code commit()} begins the next transaction at once, which would hold the
 * write lock while nothing is written; switching auto-commit does not.
 */
public final class Transactions {
  private Transactions() {}

  /** Begins a writing transaction; waits for the write lock at most the busy timeout. */
  public static void begin(Connection connection) throws SQLException {
    try {
      connection.setAutoCommit(false);
    } catch (SQLException e) {
      rollback(connection);
      throw e;
    }
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

  /** Rolls back whatever is open; SQLite may have done so already. */
  public static void rollback(Connection connection) {
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
  }
}
