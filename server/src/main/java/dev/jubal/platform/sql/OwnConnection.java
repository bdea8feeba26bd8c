package dev.jubal.platform.sql;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A connection that somebody has for himself for long, made anew after it was lost. What was
 * prepared on it is lost with it. Confined to one thread at a time.
 */
public final class OwnConnection implements AutoCloseable {
  private final Opener opener;
  private @Nullable Connection current;

  /** Makes the connection. */
  interface Opener {
    Connection open() throws SQLException;
  }

  private OwnConnection(Opener opener, Connection first) {
    this.opener = opener;
    this.current = first;
  }

  static OwnConnection open(Opener opener) throws SQLException {
    return new OwnConnection(opener, opener.open());
  }

  /** Always the same one, which is never made anew. */
  public static OwnConnection of(Connection connection) {
    return new OwnConnection(
        () -> {
          throw new SQLException("the connection is closed", "08003");
        },
        connection);
  }

  /**
   * The connection.
   *
   * @throws SQLException when there is none and none can be made
   */
  public Connection get() throws SQLException {
    Connection found = current;
    if (found == null || found.isClosed()) {
      found = opener.open();
      current = found;
    }
    return found;
  }

  /** Rolls back whatever is open; one that cannot do even that is given up. */
  public void undo() {
    Connection found = current;
    if (found != null && !Transactions.rollback(found)) {
      drop(found);
    }
  }

  private void drop(Connection lost) {
    current = null;
    try {
      lost.close();
    } catch (SQLException alreadyGone) {
      // as wanted
    }
  }

  @Override
  public void close() throws SQLException {
    Connection found = current;
    current = null;
    if (found != null) {
      found.close();
    }
  }
}
