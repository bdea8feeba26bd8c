package dev.jubal.account.ledger;

import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.Row;
import dev.jubal.platform.sql.Session;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Rows that say by how much the cost of a settled row was wrong; only ever appended to. */
public final class LedgerCorrections {
  private final Database database;
  private final InstantSource now;

  public LedgerCorrections(Database database, InstantSource now) {
    this.database = database;
    this.now = now;
  }

  /**
   * One of them.
   *
   * @param of the settled row
   * @param delta ticks to add to its cost, not 0
   */
  public record Correction(LedgerRow of, long delta, String reason) {}

  /**
   * By how much requests were corrected so far; those that were not are absent.
   *
   * @param requestIds a page of them, some thousand at most
   */
  public Map<String, Long> sums(List<String> requestIds) {
    Map<String, Long> found = new HashMap<>();
    if (requestIds.isEmpty()) {
      return found;
    }
    String marks = "?, ".repeat(requestIds.size() - 1) + "?";
    database.read(
        s ->
            s.list(
                "SELECT request_id, SUM(delta_ticks) AS ticks FROM ledger_correction"
                    + " WHERE request_id IN ("
                    + marks
                    + ") GROUP BY request_id HAVING SUM(delta_ticks) <> 0",
                row -> found.put(row.text("request_id"), row.whole("ticks")),
                requestIds.toArray()));
    return found;
  }

  /** Writes them all, and moves the sums with them, in one transaction. */
  public void write(List<Correction> corrections) {
    if (corrections.isEmpty()) {
      return;
    }
    database.write(
        s -> {
          corrections.forEach(c -> write(s, c));
          return true;
        });
  }

  private void write(Session s, Correction c) {
    LedgerRow row = c.of();
    s.update(
        "INSERT INTO ledger_correction (id, request_id, delta_ticks, reason, created_us)"
            + " VALUES (?, ?, ?, ?, ?)",
        UUID.randomUUID().toString(),
        row.requestId(),
        c.delta(),
        c.reason(),
        now.instant());
    long at = Row.micros(row.admitted());
    move(s, "rollup_hour", at - Math.floorMod(at, Rollups.HOUR), c);
    move(s, "rollup_day", at - Math.floorMod(at, Rollups.DAY), c);
    row.reserved()
        .endUser()
        .ifPresent(
            user ->
                s.update(
                    "UPDATE rollup_end_user SET cost_ticks = cost_ticks + ? WHERE team_id = ?"
                        + " AND end_user = ? AND start_us = ?",
                    c.delta(),
                    row.owner().teamId(),
                    user,
                    at - Math.floorMod(at, Rollups.DAY)));
  }

  private static void move(Session s, String table, long start, Correction c) {
    LedgerRow row = c.of();
    s.update(
        "UPDATE "
            + table
            + " SET cost_ticks = cost_ticks + ? WHERE team_id = ? AND start_us = ? AND key_id = ?"
            + " AND project_id = ? AND model = ? AND endpoint = ?",
        c.delta(),
        row.owner().teamId(),
        start,
        row.owner().keyId(),
        row.owner().project().orElse(""),
        row.modelResolved(),
        row.endpoint());
  }
}
