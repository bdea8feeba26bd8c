package dev.jubal.platform.sql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;

/** The current row of a result; columns by their name. Valid only while the reader runs. */
public final class Row {
  private final ResultSet result;

  Row(ResultSet result) {
    this.result = result;
  }

  public String text(String column) throws SQLException {
    return Objects.requireNonNull(result.getString(column), column);
  }

  public Optional<String> maybeText(String column) throws SQLException {
    return Optional.ofNullable(result.getString(column));
  }

  public Optional<byte[]> maybeBytes(String column) throws SQLException {
    return Optional.ofNullable(result.getBytes(column));
  }

  public byte[] bytes(String column) throws SQLException {
    return Objects.requireNonNull(result.getBytes(column), column);
  }

  public long whole(String column) throws SQLException {
    return result.getLong(column);
  }

  public Optional<Long> maybeWhole(String column) throws SQLException {
    long value = result.getLong(column);
    return result.wasNull() ? Optional.empty() : Optional.of(value);
  }

  public boolean flag(String column) throws SQLException {
    return result.getBoolean(column);
  }

  /** A moment, stored as microseconds since 1970. */
  public Instant instant(String column) throws SQLException {
    return Instant.EPOCH.plus(whole(column), ChronoUnit.MICROS);
  }

  public Optional<Instant> maybeInstant(String column) throws SQLException {
    return maybeWhole(column).map(us -> Instant.EPOCH.plus(us, ChronoUnit.MICROS));
  }

  /** Microseconds since 1970, as every moment is stored. */
  public static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  /** Makes a value of a row. */
  @FunctionalInterface
  public interface Reader<T> {
    T read(Row row) throws SQLException;
  }
}
