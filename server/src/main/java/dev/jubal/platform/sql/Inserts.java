package dev.jubal.platform.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.sqlite.SQLiteConnection;

/**
 * Inserts rows of one table on a connection of the caller's. A row goes out at once, or together
 * with others when they are flushed; so a row that waits may be refused only then.
 *
 * <p>In a file each is written at once, as there is no way to go. On a server some go in a batch
 * and many by {@code COPY}, which costs it a third of what as many statements do. Confined to its
 * thread.
 */
public final class Inserts implements AutoCloseable {
  // fewer are sooner there by statements: a copy is two more round trips
  private static final int MANY = 8;

  private final Connection connection;
  private final PreparedStatement statement;
  private final Binder binder;
  private final String copy;
  private final int columns;
  private final boolean server;
  private final List<Values> waiting = new ArrayList<>();

  /** Takes the values of a row, in the order of its columns. */
  public interface Cells {
    /** A text; U+0000, which no text of PostgreSQL has, becomes U+FFFD. */
    void text(String value) throws SQLException;

    /** The same, or NULL. */
    void maybeText(Optional<String> value) throws SQLException;

    /** A BIGINT. */
    void whole(long value) throws SQLException;

    /** The same, or NULL. */
    void maybeWhole(Optional<Long> value) throws SQLException;

    /** An INTEGER. */
    void number(int value) throws SQLException;

    /** A BOOLEAN. */
    void flag(boolean value) throws SQLException;
  }

  /** A row. */
  @FunctionalInterface
  public interface Values {
    /** Gives them in the order of the columns. */
    void to(Cells cells) throws SQLException;
  }

  /**
   * Prepares them.
   *
   * @param columns in the order in which rows give their values
   */
  public Inserts(Connection connection, String table, List<String> columns) throws SQLException {
    this.connection = connection;
    this.columns = columns.size();
    this.server = !(connection instanceof SQLiteConnection);
    String names = table + " (" + String.join(", ", columns) + ")";
    String marks = columns.stream().map(c -> "?").collect(Collectors.joining(", "));
    this.statement =
        connection.prepareStatement("INSERT INTO " + names + " VALUES (" + marks + ")");
    this.binder = new Binder(statement);
    this.copy = "COPY " + names + " FROM STDIN (FORMAT binary)";
  }

  /** Writes a row; it is there when this returns. */
  public void now(Values row) throws SQLException {
    bind(row);
    statement.executeUpdate();
  }

  /** Writes a row, at the latest when it is flushed. */
  public void later(Values row) throws SQLException {
    if (server) {
      waiting.add(row);
    } else {
      now(row);
    }
  }

  /** Writes the rows that wait, and forgets them whether it could or not. */
  public void flush() throws SQLException {
    List<Values> rows = List.copyOf(waiting);
    waiting.clear();
    if (rows.size() >= MANY) {
      RowCopy.send(connection, copy, columns, rows);
    } else if (!rows.isEmpty()) {
      for (Values row : rows) {
        bind(row);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private void bind(Values row) throws SQLException {
    binder.next = 1;
    row.to(binder);
  }

  public static String clean(String text) {
    return text.indexOf('\0') < 0 ? text : text.replace('\0', '\uFFFD');
  }

  @Override
  public void close() throws SQLException {
    statement.close();
  }

  /** Binds values to a statement. */
  private static final class Binder implements Cells {
    private final PreparedStatement statement;
    private int next = 1;

    Binder(PreparedStatement statement) {
      this.statement = statement;
    }

    @Override
    public void text(String value) throws SQLException {
      statement.setString(next++, clean(value));
    }

    @Override
    public void maybeText(Optional<String> value) throws SQLException {
      if (value.isPresent()) {
        text(value.get());
      } else {
        statement.setNull(next++, Types.VARCHAR);
      }
    }

    @Override
    public void whole(long value) throws SQLException {
      statement.setLong(next++, value);
    }

    @Override
    public void maybeWhole(Optional<Long> value) throws SQLException {
      if (value.isPresent()) {
        whole(value.get());
      } else {
        statement.setNull(next++, Types.BIGINT);
      }
    }

    @Override
    public void number(int value) throws SQLException {
      statement.setInt(next++, value);
    }

    @Override
    public void flag(boolean value) throws SQLException {
      statement.setBoolean(next++, value);
    }
  }
}
