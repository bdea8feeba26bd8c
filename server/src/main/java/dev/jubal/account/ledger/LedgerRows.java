package dev.jubal.account.ledger;

import dev.jubal.platform.sql.Row;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The ledger's statements, prepared once for a connection. Confined to the writer's thread.
 *
 * <p>On a server rows go out together, in {@link #flush}: a round trip for each would take longer
 * than to write it. So a row may be refused only then. In a file each is written at once.
 */
final class LedgerRows implements AutoCloseable {
  private static final String ADMISSION =
      "INSERT INTO ledger_admission (request_id, client_request_id, key_id, user_id, team_id,"
          + " endpoint, model_asked, model_resolved, backend, stream, admitted_us, price_from_us,"
          + " price_source, rate_prompt, rate_cached, rate_completion, long_threshold,"
          + " long_rate_prompt, long_rate_cached, long_rate_completion, project_id, end_user,"
          + " reserved_tokens, reserved_ticks, node_id)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
  private static final String SETTLEMENT =
      "INSERT INTO ledger_settlement (request_id, prompt_tokens, cached_tokens, image_tokens,"
          + " completion_tokens, reasoning_tokens, total_tokens, cost_ticks, backend_cost_ticks,"
          + " backend_local, latency_us, first_token_us, status, error_type, recovered, settled_us,"
          + " limited_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  private static final String FILE_MARK = "UPDATE ledger_mark SET admitted_us = ? WHERE id = 1";
  private static final String NODE_MARK = "UPDATE node SET mark_us = ? WHERE id = ?";

  private final String node;
  private final Insert admission;
  private final Insert settlement;
  private final PreparedStatement mark;
  private final PreparedStatement extension;
  private final Rollups rollups;

  /**
   * @param node whose rows they are
   * @param shared whether the database is a server
   */
  LedgerRows(Connection connection, String node, boolean shared) throws SQLException {
    this.node = node;
    admission = new Insert(connection, ADMISSION, shared);
    settlement = new Insert(connection, SETTLEMENT, shared);
    mark = connection.prepareStatement(shared ? NODE_MARK : FILE_MARK);
    if (shared) {
      mark.setString(2, node);
    }
    extension =
        connection.prepareStatement(
            "INSERT INTO ledger_extension (request_id, reserved_ticks) VALUES (?, ?)");
    rollups = new Rollups(connection);
  }

  /** A statement that inserts one row, now or together with others. */
  private static final class Insert implements AutoCloseable {
    private final PreparedStatement now;
    private final @Nullable PreparedStatement later;
    private int waiting;

    Insert(Connection connection, String sql, boolean batched) throws SQLException {
      now = connection.prepareStatement(sql);
      later = batched ? connection.prepareStatement(sql) : null;
    }

    PreparedStatement values(boolean atOnce) {
      return atOnce || later == null ? now : later;
    }

    void write(boolean atOnce) throws SQLException {
      if (atOnce || later == null) {
        now.executeUpdate();
      } else {
        later.addBatch();
        waiting++;
      }
    }

    void flush() throws SQLException {
      if (waiting > 0 && later != null) {
        waiting = 0;
        later.executeBatch();
      }
    }

    @Override
    public void close() throws SQLException {
      now.close();
      if (later != null) {
        later.close();
      }
    }
  }

  /**
   * @param atOnce whether it has to be there when this returns
   */
  void admission(Admission a, boolean atOnce) throws SQLException {
    PreparedStatement s = admission.values(atOnce);
    s.setString(1, a.requestId());
    text(s, 2, a.clientRequestId());
    s.setString(3, a.principal().keyId());
    s.setString(4, a.principal().userId());
    s.setString(5, a.principal().teamId());
    s.setString(6, a.endpoint());
    s.setString(7, a.modelAsked());
    s.setString(8, a.modelResolved());
    s.setString(9, a.backend());
    s.setBoolean(10, a.stream());
    s.setLong(11, Row.micros(a.admitted()));
    price(s, 12, a.price());
    text(s, 21, a.principal().account().project());
    text(s, 22, a.reserved().endUser());
    s.setLong(23, a.reserved().tokens());
    s.setLong(24, a.reserved().ticks());
    s.setString(25, node);
    admission.write(atOnce);
  }

  private static void price(PreparedStatement s, int first, Price price) throws SQLException {
    s.setLong(first, Row.micros(price.from()));
    s.setString(first + 1, price.source());
    rate(s, first + 2, price.rate());
    s.setLong(first + 5, price.longThreshold());
    rate(s, first + 6, price.longRate());
  }

  private static void rate(PreparedStatement s, int first, Price.Rate rate) throws SQLException {
    s.setLong(first, rate.prompt());
    s.setLong(first + 1, rate.cached());
    s.setLong(first + 2, rate.completion());
  }

  /**
   * @param atOnce whether it has to be there when this returns
   */
  void settlement(String requestId, Settlement t, Instant at, boolean atOnce) throws SQLException {
    PreparedStatement s = settlement.values(atOnce);
    Usage u = t.usage();
    s.setString(1, requestId);
    s.setLong(2, u.prompt());
    s.setLong(3, u.cached());
    s.setLong(4, u.image());
    s.setLong(5, u.completion());
    s.setLong(6, u.reasoning());
    s.setLong(7, u.total());
    s.setLong(8, t.costTicks());
    s.setLong(9, t.backendCostTicks());
    s.setBoolean(10, t.local());
    s.setLong(11, micros(t.latency()));
    if (t.firstToken().isPresent()) {
      s.setLong(12, micros(t.firstToken().get()));
    } else {
      s.setNull(12, Types.BIGINT);
    }
    s.setInt(13, t.status());
    text(s, 14, t.errorType());
    s.setBoolean(15, false);
    s.setLong(16, Row.micros(at));
    text(s, 17, t.limitedBy());
    settlement.write(atOnce);
  }

  /** Writes the rows that wait; admissions first, since settlements refer to them. */
  void flush() throws SQLException {
    admission.flush();
    settlement.flush();
  }

  void mark(long admittedMicros) throws SQLException {
    mark.setLong(1, admittedMicros);
    mark.executeUpdate();
  }

  void extension(String requestId, long reservedTicks) throws SQLException {
    extension.setString(1, requestId);
    extension.setLong(2, reservedTicks);
    extension.executeUpdate();
  }

  /** The sums that are written with the rows. */
  Rollups rollups() {
    return rollups;
  }

  private static void text(PreparedStatement s, int index, Optional<String> value)
      throws SQLException {
    if (value.isPresent()) {
      s.setString(index, value.get().replace('\0', '\uFFFD')); // no text of PostgreSQL has it
    } else {
      s.setNull(index, Types.VARCHAR);
    }
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1_000;
  }

  @Override
  public void close() throws SQLException {
    admission.close();
    settlement.close();
    mark.close();
    extension.close();
    rollups.close();
  }
}
