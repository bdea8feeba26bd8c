package dev.jubal.account.ledger;

import dev.jubal.platform.sql.Session;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Rows that say by how much the cost of a settled row was wrong; only ever appended to. */
public final class LedgerCorrections {
  private LedgerCorrections() {}

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
  public static Map<String, Long> sums(Session s, List<String> requestIds) {
    Map<String, Long> found = new HashMap<>();
    if (requestIds.isEmpty()) {
      return found;
    }
    String marks = "?, ".repeat(requestIds.size() - 1) + "?";
    s.list(
        "SELECT request_id, SUM(delta_ticks) AS ticks FROM ledger_correction WHERE request_id IN ("
            + marks
            + ") GROUP BY request_id HAVING SUM(delta_ticks) <> 0",
        row -> found.put(row.text("request_id"), row.whole("ticks")),
        requestIds.toArray());
    return found;
  }

  /**
   * Writes them all, and moves the sums with them: each sum once, in the order in which the ledger
   * writes them, so that neither waits for the other in a circle.
   */
  public static void write(Session s, List<Correction> corrections, Instant at) {
    Map<Rollups.Key, Long> hours = new TreeMap<>(Rollups.Key.ORDER);
    Map<Rollups.Key, Long> days = new TreeMap<>(Rollups.Key.ORDER);
    Map<Rollups.UserKey, Long> users = new TreeMap<>(Rollups.UserKey.ORDER);
    for (Correction c : corrections) {
      write(s, c, at);
      Rollups.Key hour = Rollups.Key.hour(c.of());
      hours.merge(hour, c.delta(), Math::addExact);
      days.merge(hour.day(), c.delta(), Math::addExact);
      c.of()
          .reserved()
          .endUser()
          .ifPresent(user -> users.merge(hour.user(user), c.delta(), Math::addExact));
    }
    hours.forEach((key, delta) -> move(s, "rollup_hour", key, delta));
    days.forEach((key, delta) -> move(s, "rollup_day", key, delta));
    users.forEach((key, delta) -> move(s, key, delta));
  }

  private static void write(Session s, Correction c, Instant at) {
    s.update(
        "INSERT INTO ledger_correction (id, request_id, delta_ticks, reason, created_us)"
            + " VALUES (?, ?, ?, ?, ?)",
        UUID.randomUUID().toString(),
        c.of().requestId(),
        c.delta(),
        c.reason(),
        at);
  }

  private static void move(Session s, String table, Rollups.Key sum, long delta) {
    s.update(
        "UPDATE "
            + table
            + " SET cost_ticks = cost_ticks + ? WHERE team_id = ? AND start_us = ? AND key_id = ?"
            + " AND project_id = ? AND model = ? AND endpoint = ?",
        delta,
        sum.team(),
        sum.start(),
        sum.key(),
        sum.project(),
        sum.model(),
        sum.endpoint());
  }

  private static void move(Session s, Rollups.UserKey sum, long delta) {
    s.update(
        "UPDATE rollup_end_user SET cost_ticks = cost_ticks + ? WHERE team_id = ?"
            + " AND end_user = ? AND start_us = ?",
        delta,
        sum.team(),
        sum.user(),
        sum.start());
  }
}
