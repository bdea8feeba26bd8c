package dev.jubal.account.ledger;

import dev.jubal.platform.sql.Inserts;
import dev.jubal.platform.sql.Inserts.Cells;
import dev.jubal.platform.sql.Row;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The ledger's statements, prepared once for a connection. Confined to the writer's thread.
 *
 * <p>On a server rows go out together, in {@link #flush}: a round trip for each would take longer
 * than to write it. So a row may be refused only then. In a file each is written at once.
 */
final class LedgerRows implements AutoCloseable {
  // in the order of admission() below
  private static final List<String> ADMISSION =
      List.of(
          "request_id",
          "client_request_id",
          "key_id",
          "user_id",
          "team_id",
          "endpoint",
          "model_asked",
          "model_resolved",
          "backend",
          "stream",
          "admitted_us",
          "price_from_us",
          "price_source",
          "rate_prompt",
          "rate_cached",
          "rate_completion",
          "long_threshold",
          "long_rate_prompt",
          "long_rate_cached",
          "long_rate_completion",
          "project_id",
          "end_user",
          "reserved_tokens",
          "reserved_ticks",
          "node_id",
          "price_more");
  // in the order of settlement() below
  private static final List<String> SETTLEMENT =
      List.of(
          "request_id",
          "prompt_tokens",
          "cached_tokens",
          "image_tokens",
          "completion_tokens",
          "reasoning_tokens",
          "total_tokens",
          "cost_ticks",
          "backend_cost_ticks",
          "backend_local",
          "latency_us",
          "first_token_us",
          "status",
          "error_type",
          "recovered",
          "settled_us",
          "limited_by",
          "used_more",
          "longest_prompt");

  private static final String FILE_MARK = "UPDATE ledger_mark SET admitted_us = ? WHERE id = 1";
  private static final String NODE_MARK = "UPDATE node SET mark_us = ? WHERE id = ?";

  private final String node;
  private final Inserts admission;
  private final Inserts settlement;
  private final PreparedStatement mark;
  private final PreparedStatement extension;
  private final Rollups rollups;

  /**
   * @param node whose rows they are
   * @param shared whether the database is a server
   */
  LedgerRows(Connection connection, String node, boolean shared) throws SQLException {
    this.node = node;
    admission = new Inserts(connection, "ledger_admission", ADMISSION);
    settlement = new Inserts(connection, "ledger_settlement", SETTLEMENT);
    mark = connection.prepareStatement(shared ? NODE_MARK : FILE_MARK);
    if (shared) {
      mark.setString(2, node);
    }
    // an attempt after a restart may grow in the steps of the one before
    extension =
        connection.prepareStatement(
            "INSERT INTO ledger_extension (request_id, reserved_ticks) VALUES (?, ?)"
                + " ON CONFLICT DO NOTHING");
    rollups = new Rollups(connection, shared);
  }

  /**
   * @param atOnce whether it has to be there when this returns
   */
  void admission(Admission a, boolean atOnce) throws SQLException {
    write(admission, cells -> admission(cells, a), atOnce);
  }

  private static void write(Inserts inserts, Inserts.Values row, boolean atOnce)
      throws SQLException {
    if (atOnce) {
      inserts.now(row);
    } else {
      inserts.later(row);
    }
  }

  private void admission(Cells c, Admission a) throws SQLException {
    c.text(a.requestId());
    c.maybeText(a.clientRequestId());
    c.text(a.principal().keyId());
    c.text(a.principal().userId());
    c.text(a.principal().teamId());
    c.text(a.endpoint());
    c.text(a.modelAsked());
    c.text(a.modelResolved());
    c.text(a.backend());
    c.flag(a.stream());
    c.whole(Row.micros(a.admitted()));
    price(c, a.price());
    c.maybeText(a.principal().account().project());
    c.maybeText(a.reserved().endUser());
    c.whole(a.reserved().tokens());
    c.whole(a.reserved().ticks());
    c.text(node);
    c.maybeText(PriceText.of(a.price()));
  }

  private static void price(Cells c, Price price) throws SQLException {
    c.whole(Row.micros(price.from()));
    c.text(price.source());
    rate(c, price.rate());
    c.whole(price.longThreshold());
    rate(c, price.longRate());
  }

  private static void rate(Cells c, Price.Rate rate) throws SQLException {
    c.whole(rate.prompt());
    c.whole(rate.cached());
    c.whole(rate.completion());
  }

  /**
   * @param atOnce whether it has to be there when this returns
   */
  void settlement(String requestId, Settlement t, Instant at, boolean atOnce) throws SQLException {
    write(settlement, cells -> settlement(cells, requestId, t, at), atOnce);
  }

  private static void settlement(Cells c, String requestId, Settlement t, Instant at)
      throws SQLException {
    Usage u = t.usage();
    c.text(requestId);
    c.whole(u.prompt());
    c.whole(u.cached());
    c.whole(u.image());
    c.whole(u.completion());
    c.whole(u.reasoning());
    c.whole(u.total());
    c.whole(t.costTicks());
    c.whole(t.backendCostTicks());
    c.flag(t.local());
    c.whole(micros(t.latency()));
    c.maybeWhole(t.firstToken().map(LedgerRows::micros));
    c.number(t.status());
    c.maybeText(t.errorType());
    c.flag(false);
    c.whole(Row.micros(at));
    c.maybeText(t.limitedBy());
    c.maybeText(PriceText.of(u));
    c.maybeWhole(Optional.of(u.longest()).filter(tokens -> tokens != u.prompt()));
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
