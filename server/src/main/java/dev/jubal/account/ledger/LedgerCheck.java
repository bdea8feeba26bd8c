package dev.jubal.account.ledger;

import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.Session;
import java.util.ArrayList;
import java.util.List;

/**
 * Proves the ledger from its rows: each cost is the admitted price times the usage, the sums are
 * the sums of the rows, and every admission is settled or open. Reads all of it, so it takes a
 * while over millions of rows; a server may run beside it.
 */
public final class LedgerCheck {
  private static final String JOIN =
      " FROM ledger_settlement s JOIN ledger_admission a ON a.request_id = s.request_id";
  private static final String LONG =
      "(a.long_threshold > 0 AND s.prompt_tokens >= a.long_threshold)";

  private static final String OPEN =
      " FROM ledger_admission a WHERE NOT EXISTS"
          + " (SELECT 1 FROM ledger_settlement s WHERE s.request_id = a.request_id)";
  private static final String LOST =
      " FROM ledger_settlement s WHERE NOT EXISTS"
          + " (SELECT 1 FROM ledger_admission a WHERE a.request_id = s.request_id)";

  private final Database database;

  public LedgerCheck(Database database) {
    this.database = database;
  }

  /**
   * One thing that was looked at.
   *
   * @param wrong how many rows are not as they should be
   */
  public record Finding(String what, long rows, long wrong) {}

  /** All of it; each statement sees rows and sums of one moment. */
  public List<Finding> run() {
    return database.read(
        s -> {
          List<Finding> found = new ArrayList<>();
          found.add(finding("costs are price times usage", count(s, JOIN), costs(s)));
          found.add(
              finding(
                  "sums by hour", count(s, " FROM rollup_hour"), sums(s, "hour", Rollups.HOUR)));
          found.add(
              finding("sums by day", count(s, " FROM rollup_day"), sums(s, "day", Rollups.DAY)));
          found.add(finding("sums by end user", count(s, " FROM rollup_end_user"), endUsers(s)));
          long open = count(s, OPEN);
          long admitted = count(s, " FROM ledger_admission");
          found.add(finding("admissions, " + open + " of them open", admitted, 0));
          found.add(finding("settlements have an admission", admitted, count(s, LOST)));
          return found;
        });
  }

  private static Finding finding(String what, long rows, long wrong) {
    return new Finding(what, rows, wrong);
  }

  private static long count(Session s, String rest) {
    return s.first("SELECT COUNT(*) AS n" + rest, row -> row.whole("n")).orElse(0L);
  }

  private static long costs(Session s) {
    return count(
        s,
        JOIN
            + " WHERE s.cost_ticks <> (CASE WHEN "
            + LONG
            + " THEN "
            + cost("a.long_rate_")
            + " ELSE "
            + cost("a.rate_")
            + " END)");
  }

  private static String cost(String rate) {
    return "(s.prompt_tokens - s.cached_tokens) * "
        + rate
        + "prompt + s.cached_tokens * "
        + rate
        + "cached + (s.completion_tokens + s.reasoning_tokens) * "
        + rate
        + "completion";
  }

  private static final String CORRECTED =
      "SUM(s.cost_ticks + COALESCE((SELECT SUM(c.delta_ticks) FROM ledger_correction c"
          + " WHERE c.request_id = s.request_id), 0))";

  /** Sums that differ from the rows, and sums that lack or have no rows. */
  private static long sums(Session s, String width, long micros) {
    String start = "a.admitted_us - a.admitted_us % " + micros;
    String group =
        "a.team_id, "
            + start
            + ", a.key_id, COALESCE(a.project_id, ''), a.model_resolved, a.endpoint";
    String rows =
        "SELECT "
            + group
            + ", COUNT(*), SUM(CASE WHEN s.status >= 400 THEN 1 ELSE 0 END),"
            + " SUM(s.prompt_tokens), SUM(s.cached_tokens), SUM(s.image_tokens),"
            + " SUM(s.completion_tokens), SUM(s.reasoning_tokens), "
            + CORRECTED
            + ", SUM(s.backend_cost_ticks)"
            + JOIN
            + " GROUP BY "
            + group;
    String sums =
        "SELECT team_id, start_us, key_id, project_id, model, endpoint, requests, failures,"
            + " prompt_tokens, cached_tokens, image_tokens, completion_tokens, reasoning_tokens,"
            + " cost_ticks, backend_cost_ticks FROM rollup_"
            + width;
    return differences(s, rows, sums);
  }

  private static long endUsers(Session s) {
    String start = "a.admitted_us - a.admitted_us % " + Rollups.DAY;
    return differences(
        s,
        "SELECT a.team_id, a.end_user, "
            + start
            + ", COUNT(*), "
            + CORRECTED
            + JOIN
            + " WHERE a.end_user IS NOT NULL GROUP BY a.team_id, a.end_user, "
            + start,
        "SELECT team_id, end_user, start_us, requests, cost_ticks FROM rollup_end_user");
  }

  private static long differences(Session s, String rows, String sums) {
    return count(s, " FROM (" + rows + " EXCEPT " + sums + ") x")
        + count(s, " FROM (" + sums + " EXCEPT " + rows + ") x");
  }
}
