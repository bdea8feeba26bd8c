package dev.jubal.platform.jobs;

import com.github.kagkarlsson.scheduler.jdbc.SqliteJdbcCustomization;
import dev.jubal.platform.sql.Row;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Moments as they are stored everywhere here, rather than as the driver's text. The rest of
 * SQLite's dialect is plain SQL, which PostgreSQL understands as well.
 */
final class JobMoments extends SqliteJdbcCustomization {
  @Override
  public void setInstant(PreparedStatement statement, int index, @Nullable Instant value)
      throws SQLException {
    if (value == null) {
      statement.setNull(index, Types.BIGINT);
    } else {
      statement.setLong(index, Row.micros(value));
    }
  }

  @Override
  public @Nullable Instant getInstant(ResultSet result, String column) throws SQLException {
    long micros = result.getLong(column);
    return result.wasNull() ? null : Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
