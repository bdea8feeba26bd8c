package dev.jubal.account.ledger;

import dev.jubal.platform.sql.Row;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;

/**
 * Writes settled requests with the ledger's own statements, sums included, in transactions of the
 * caller's. Nothing is recovered or awaited.
 */
public final class LedgerFill implements AutoCloseable {
  private final LedgerRows rows;
  private long newest;

  /**
   * @param node whose rows they are
   * @param server whether the database is a server
   */
  public LedgerFill(Connection connection, String node, boolean server) throws SQLException {
    this.rows = new LedgerRows(connection, node, server);
  }

  /** Adds both rows of a request. */
  public void add(Admission admission, Settlement settlement, Instant settled) throws SQLException {
    rows.admission(admission, false);
    rows.settlement(admission.requestId(), settlement, settled, false);
    rows.rollups().add(admission, settlement);
    newest = Row.micros(admission.admitted());
  }

  /** Writes what waits; to be called before a commit. Nothing before it is open. */
  public void flush() throws SQLException {
    rows.mark(newest);
    rows.flush();
    rows.rollups().flush();
  }

  @Override
  public void close() throws SQLException {
    rows.close();
  }
}
