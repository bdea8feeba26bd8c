package dev.jubal.account.budget;

import dev.jubal.account.lease.Leases;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.Row;
import java.time.Instant;
import java.util.List;

/**
 * What was spent, from the sums of the ledger by day: a read of one index range, never of the
 * ledger itself. Thread-safe.
 */
public final class Spending {
  private static final String DAYS =
      "SELECT COALESCE(SUM(cost_ticks), 0) AS ticks FROM rollup_day WHERE team_id = ? AND start_us"
          + " >= ? AND start_us < ?";
  private static final String END_USER =
      "SELECT COALESCE(SUM(cost_ticks), 0) AS ticks FROM rollup_end_user WHERE team_id = ?"
          + " AND end_user = ? AND start_us >= ? AND start_us < ?";

  private static final int MOST_SPENDERS = 1000;

  private final Database database;

  public Spending(Database database) {
    this.database = database;
  }

  /**
   * Ticks settled by requests that were admitted in a window.
   *
   * @param subject an id or name, never {@code *}
   */
  public long settled(String team, Budget.Scope scope, String subject, Window window, Instant in) {
    Leases.Spent sum = sum(team, scope, subject, window, in);
    return database.read(
        s ->
            s.first("SELECT " + sum.sql() + " AS ticks", Spending::ticks, sum.arguments().toArray())
                .orElse(0L));
  }

  /** The same, as a part of a statement that looks at other things in the same moment. */
  static Leases.Spent asPart(Budget budget, String subject, Instant in) {
    return sum(budget.teamId(), budget.scope(), subject, budget.window(), in);
  }

  private static Leases.Spent sum(
      String team, Budget.Scope scope, String subject, Window window, Instant in) {
    Instant from = window.start(in);
    long to = window.end(in).map(Row::micros).orElse(Long.MAX_VALUE);
    List<Object> range = List.of(team, from, to);
    List<Object> narrowed = List.of(team, from, to, subject);
    return switch (scope) {
      case TEAM -> new Leases.Spent("(" + DAYS + ")", range);
      case PROJECT -> new Leases.Spent("(" + DAYS + " AND project_id = ?)", narrowed);
      case KEY -> new Leases.Spent("(" + DAYS + " AND key_id = ?)", narrowed);
      case END_USER -> new Leases.Spent("(" + END_USER + ")", List.of(team, subject, from, to));
    };
  }

  /**
   * Somebody of a scope and what he spent.
   *
   * @param ticks as {@link #settled}
   */
  public record Spender(String subject, long ticks) {}

  /** Those of a scope who spent at least so much in a window, the most first; 1,000 at most. */
  public List<Spender> above(
      String team, Budget.Scope scope, Window window, Instant in, long leastTicks) {
    String column =
        switch (scope) {
          case TEAM -> "team_id";
          case PROJECT -> "project_id";
          case KEY -> "key_id";
          case END_USER -> "end_user";
        };
    String table = scope == Budget.Scope.END_USER ? "rollup_end_user" : "rollup_day";
    return database.read(
        s ->
            s.list(
                "SELECT "
                    + column
                    + " AS subject, SUM(cost_ticks) AS ticks FROM "
                    + table
                    + " WHERE team_id = ? AND start_us >= ? AND start_us < ? GROUP BY "
                    + column
                    + " HAVING SUM(cost_ticks) >= ? ORDER BY SUM(cost_ticks) DESC LIMIT "
                    + MOST_SPENDERS,
                row -> new Spender(row.text("subject"), ticks(row)),
                team,
                window.start(in),
                window.end(in).map(Row::micros).orElse(Long.MAX_VALUE),
                leastTicks));
  }

  private static long ticks(Row row) throws java.sql.SQLException {
    return row.whole("ticks");
  }
}
