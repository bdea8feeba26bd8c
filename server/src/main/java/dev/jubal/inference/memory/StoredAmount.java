package dev.jubal.inference.memory;

import dev.jubal.platform.sql.Row;
import dev.jubal.platform.sql.Session;
import java.sql.SQLException;

/**
 * How much is stored. It is counted in the transactions that store and delete, as counting it anew
 * would read all of it.
 *
 * @param bytes of contents, sealed
 */
public record StoredAmount(long responses, long bytes) {
  static final StoredAmount NONE = new StoredAmount(0, 0);

  private static StoredAmount of(Row row) throws SQLException {
    return new StoredAmount(row.whole("responses"), row.whole("bytes"));
  }

  /** Of a team. */
  static StoredAmount of(Session s, String teamId) {
    return s.first(
            "SELECT responses, bytes FROM stored_team WHERE team_id = ?", StoredAmount::of, teamId)
        .orElse(NONE);
  }

  /** Of all teams. */
  static StoredAmount all(Session s) {
    return s.first(
            "SELECT COALESCE(SUM(responses), 0) AS responses, COALESCE(SUM(bytes), 0) AS bytes"
                + " FROM stored_team",
            StoredAmount::of)
        .orElse(NONE);
  }

  /**
   * Of the response of an id, which is another team's or none otherwise. It stays so until the
   * transaction ends: the update takes the row's lock where there is no lock of all.
   */
  static StoredAmount response(Session s, String teamId, String id) {
    s.update(
        "UPDATE stored_response SET version = version WHERE id = ? AND team_id = ?", id, teamId);
    return s.first(
            "SELECT 1 AS responses, LENGTH(content) AS bytes FROM stored_response"
                + " WHERE id = ? AND team_id = ?",
            StoredAmount::of,
            id,
            teamId)
        .orElse(NONE);
  }

  /** Takes away what a thread holds, before it is deleted. */
  static void dropThread(Session s, String threadId) {
    record Share(String teamId, StoredAmount amount) {}
    s.list(
            "SELECT team_id, COUNT(*) AS responses, SUM(LENGTH(content)) AS bytes"
                + " FROM stored_response WHERE thread_id = ? GROUP BY team_id",
            row -> new Share(row.text("team_id"), of(row)),
            threadId)
        .forEach(share -> NONE.minus(share.amount).add(s, share.teamId));
  }

  StoredAmount minus(StoredAmount other) {
    return new StoredAmount(responses - other.responses, bytes - other.bytes);
  }

  /** Counts so much more for a team. */
  void add(Session s, String teamId) {
    s.update(
        "INSERT INTO stored_team (team_id, responses, bytes) VALUES (?, ?, ?)"
            + " ON CONFLICT (team_id) DO UPDATE SET"
            + " responses = stored_team.responses + excluded.responses,"
            + " bytes = stored_team.bytes + excluded.bytes",
        teamId,
        responses,
        bytes);
  }
}
