package dev.jubal.platform.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * SQL on one borrowed connection. Arguments are bound, never pasted: text, whole numbers, booleans,
 * bytes, instants (microseconds since 1970) and optionals of them. Confined to its thread.
 */
public final class Session {
  private final Connection connection;

  Session(Connection connection) {
    this.connection = connection;
  }

  /** On a connection whose transactions are the caller's. */
  public static Session on(Connection connection) {
    return new Session(connection);
  }

  /** All rows of a query. */
  public <T> List<T> list(String sql, Row.Reader<T> reader, Object... arguments) {
    try (PreparedStatement statement = prepare(sql, arguments);
        ResultSet result = statement.executeQuery()) {
      Row row = new Row(result);
      List<T> found = new ArrayList<>();
      while (result.next()) {
        found.add(reader.read(row));
      }
      return found;
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** The first row of a query. */
  public <T> Optional<T> first(String sql, Row.Reader<T> reader, Object... arguments) {
    return list(sql, reader, arguments).stream().findFirst();
  }

  /** Runs a statement that changes rows, and says how many. */
  public int update(String sql, Object... arguments) {
    try (PreparedStatement statement = prepare(sql, arguments)) {
      return statement.executeUpdate();
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private PreparedStatement prepare(String sql, Object... arguments) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < arguments.length; i++) {
      statement.setObject(i + 1, stored(arguments[i]));
    }
    return statement;
  }

  private static @Nullable Object stored(Object argument) {
    return switch (argument) {
      case Optional<?> o -> o.isPresent() ? stored(o.get()) : null;
      case Instant i -> Row.micros(i);
      default -> argument;
    };
  }

  static DatabaseException failed(SQLException e) {
    return new DatabaseException(SqlFailure.of(e).text() + ": " + e.getMessage(), e);
  }
}
