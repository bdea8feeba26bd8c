package dev.jubal.account.budget;

import dev.jubal.account.ledger.Usd;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.Row;
import dev.jubal.platform.sql.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.util.List;
import java.util.UUID;

/**
 * What teams paid in, were given, and lost again; only ever appended to. What is left is the sum of
 * it less all that the team ever spent. Thread-safe, and safe beside other processes.
 */
public final class Credits {
  private static final String ID = "credits:";
  private static final long USD = 10_000_000_000L;
  // far from what 64 bits hold, so that no sum, and none less what was spent, leaves them
  private static final long MOST = 100_000_000 * USD;
  private static final long MOST_TOGETHER = 500_000_000 * USD;

  private final Database database;
  private final InstantSource now;

  public Credits(Database database, InstantSource now) {
    this.database = database;
    this.now = now;
  }

  /** Where a credit comes from. */
  public enum Origin {
    PURCHASE,
    MANUAL,
    REFUND,
    /** Of the plan, for a month. */
    MONTHLY,
    /** What of such a one was not spent in its month, negative; positive for too much of it. */
    EXPIRED,
    /** Spent before the plan asked for credits. */
    OPENING,
    /** Spent in a month, negative; not a row, but of the ledger. */
    SPEND
  }

  /**
   * One change.
   *
   * @param ticks 1e-10 USD, negative for what is taken
   */
  public record Change(
      String id, String teamId, Origin origin, long ticks, String note, Instant at) {}

  /**
   * Adds a credit.
   *
   * @throws ApiException 400 for an amount of 0, of more than 100,000,000 USD, or with which the
   *     team's would be more than 500,000,000 USD together
   */
  public Change add(String teamId, Origin origin, long ticks, String note) {
    if (ticks == 0) {
      throw wrong("0 (expected: another amount than 0).");
    }
    check("amount", ticks);
    Change change =
        new Change(UUID.randomUUID().toString(), teamId, origin, ticks, note, now.instant());
    database.write(
        s -> {
          BudgetStore.changed(s); // first: who adds at the same moment waits here for this sum
          checkTogether(sum(s, teamId), ticks);
          insert(s, change);
          return true;
        });
    return change;
  }

  /**
   * Whether an amount is one that can be given.
   *
   * @throws ApiException 400 for a larger one
   */
  static void check(String field, long ticks) {
    if (ticks > MOST || ticks < -MOST) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          field,
          field + ": " + Usd.text(ticks) + " USD (expected: at most " + Usd.text(MOST) + " USD).");
    }
  }

  private static void checkTogether(long sum, long ticks) {
    if (Math.abs(Math.addExact(sum, ticks)) > MOST_TOGETHER) {
      throw wrong(
          Usd.text(ticks)
              + " USD beside "
              + Usd.text(sum)
              + " USD (expected: at most "
              + Usd.text(MOST_TOGETHER)
              + " USD together).");
    }
  }

  private static ApiException wrong(String what) {
    return ApiException.of(ErrorCode.INVALID_VALUE, "amount", "amount: " + what);
  }

  /** Changes of a team, oldest first. */
  public List<Change> list(String teamId) {
    return database.read(
        s ->
            s.list(
                "SELECT * FROM credit WHERE team_id = ? ORDER BY created_us, id",
                Credits::change,
                teamId));
  }

  /** The budget that the credits of a team are, by their sum. */
  public static Budget budget(String teamId, long sum, Instant at) {
    return new Budget(
        ID + teamId, teamId, Budget.Scope.TEAM, teamId, Window.PREPAID, true, Math.max(0, sum), at);
  }

  /** Whether a budget is credits. */
  public static boolean is(Budget budget) {
    return budget.id().startsWith(ID);
  }

  /** All that a team was given, less what was taken, in ticks. */
  public long sum(String teamId) {
    return database.read(s -> sum(s, teamId));
  }

  static long sum(Session s, String teamId) {
    return s.first(
            "SELECT COALESCE(SUM(amount_ticks), 0) AS ticks FROM credit WHERE team_id = ?",
            row -> row.whole("ticks"),
            teamId)
        .orElse(0L);
  }

  /** What a team has not spent yet, in ticks; negative when it owes. */
  public long left(String teamId) {
    return database.read(s -> sum(s, teamId) - spent(s, teamId, 0, Long.MAX_VALUE));
  }

  /** What the plan of a team gave it for a month, in ticks. */
  public long monthly(String teamId, YearMonth month) {
    return database
        .read(
            s ->
                s.first(
                    "SELECT amount_ticks FROM credit WHERE id = ?",
                    row -> row.whole("amount_ticks"),
                    MonthlyCredits.id(teamId, month)))
        .orElse(0L);
  }

  /** A team that begins to need credits owes nothing for what it had before. */
  static void open(Session s, String teamId, Instant at) {
    long owed = spent(s, teamId, 0, Long.MAX_VALUE) - sum(s, teamId);
    if (owed > 0) {
      String id = UUID.randomUUID().toString();
      insert(s, new Change(id, teamId, Origin.OPENING, owed, "spent before", at));
    }
  }

  private static long spent(Session s, String teamId, long from, long to) {
    return s.first(
            "SELECT COALESCE(SUM(cost_ticks), 0) AS ticks FROM rollup_day WHERE team_id = ?"
                + " AND start_us >= ? AND start_us < ?",
            row -> row.whole("ticks"),
            teamId,
            from,
            to)
        .orElse(0L);
  }

  static void insert(Session s, Change c) {
    s.update(
        "INSERT INTO credit (id, team_id, origin, amount_ticks, note, created_us)"
            + " VALUES (?, ?, ?, ?, ?, ?)",
        c.id(),
        c.teamId(),
        c.origin().name(),
        c.ticks(),
        c.note(),
        c.at());
  }

  static Change change(Row row) throws SQLException {
    return new Change(
        row.text("id"),
        row.text("team_id"),
        Origin.valueOf(row.text("origin")),
        row.whole("amount_ticks"),
        row.text("note"),
        row.instant("created_us"));
  }
}
