package dev.jubal.account.ledger;

import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.Session;
import java.time.Instant;

/**
 * Closes what an earlier process left open. Runs under the server's lock before the first
 * admission, so every open row is an orphan, but for those whose work goes on: they stand in the
 * table {@code work} as open, and the attempt that ends settles them.
 *
 * <p>Nothing is known of such a request but its admission: the row gets no tokens, no cost, status
 * 500, error type {@code recovered}, and the mark that says so.
 */
final class Recovery {
  static final String ERROR_TYPE = "recovered";

  private static final String SETTLE =
      "INSERT INTO ledger_settlement (request_id, prompt_tokens, cached_tokens, image_tokens,"
          + " completion_tokens, reasoning_tokens, total_tokens, cost_ticks, backend_cost_ticks,"
          + " backend_local, latency_us, first_token_us, status, error_type, recovered, settled_us)"
          + " SELECT a.request_id, 0, 0, 0, 0, 0, 0, 0, 0, ?, 0, NULL, 500, ?, ?, ?"
          + " FROM ledger_admission a"
          + " WHERE a.admitted_us >= (SELECT admitted_us FROM ledger_mark WHERE id = 1)"
          + " AND NOT EXISTS"
          + " (SELECT 1 FROM ledger_settlement s WHERE s.request_id = a.request_id)"
          + " AND NOT EXISTS (SELECT 1 FROM work w WHERE w.id = a.request_id AND w.state = 'open')";

  private Recovery() {}

  /**
   * What the start found.
   *
   * @param recovered how many rows it closed
   * @param mark no open admission is older, microseconds since 1970
   */
  record Outcome(int recovered, long mark) {}

  static Outcome run(Database database, Instant now) {
    return database.write(
        s -> {
          int recovered = s.update(SETTLE, false, ERROR_TYPE, true, now);
          long mark = newest(s);
          s.update("UPDATE ledger_mark SET admitted_us = ? WHERE id = 1", mark);
          return new Outcome(recovered, mark);
        });
  }

  private static long newest(Session s) {
    return s.first(
            "SELECT COALESCE(MAX(admitted_us), 0) AS newest FROM ledger_admission",
            row -> row.whole("newest"))
        .orElseThrow();
  }
}
