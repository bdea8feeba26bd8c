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
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.UUID;

/**
 * What teams paid in, were given, and lost again; only ever appended to. What is left is the sum of
 * it less all that the team ever spent. Thread-safe, and safe beside other processes.
 */
public final class Credits {
  private static final String ID = "credits:";
  private static final DateTimeFormatter MONTH = DateTimeFormatter.ofPattern("uuuu-MM");

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
    /** What of such a one was not spent in its month; negative. */
    EXPIRED,
    /** Spent before the plan asked for credits. */
    OPENING
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
   * @throws ApiException 400 for an amount of 0, or one with which the sum could not be kept
   */
  public Change add(String teamId, Origin origin, long ticks, String note) {
    if (ticks == 0) {
      throw wrong("0", "another amount than 0");
    }
    Change change =
        new Change(UUID.randomUUID().toString(), teamId, origin, ticks, note, now.instant());
    database.write(
        s -> {
          BudgetStore.changed(s); // first: who adds at the same moment waits here for this sum
          check(sum(s, teamId), ticks);
          insert(s, change);
          return true;
        });
    return change;
  }

  /** A sum that no number holds would be the end of every answer about the team's credits. */
  private static void check(long sum, long ticks) {
    try {
      var _ = Math.addExact(sum, ticks);
    } catch (ArithmeticException e) {
      throw wrong(
          Usd.text(ticks) + " USD beside " + Usd.text(sum),
          "a sum of at most " + Usd.text(Long.MAX_VALUE));
    }
  }

  private static ApiException wrong(String amount, String expected) {
    return ApiException.of(
        ErrorCode.INVALID_VALUE, "amount", "amount: " + amount + " (expected: " + expected + ").");
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

  static String month(Instant at) {
    return MONTH.format(at.atOffset(ZoneOffset.UTC));
  }

  /**
   * Gives the credits of this month, and takes back what is left of those of earlier ones, each
   * once. What runs while a month ends may still take from the old one's.
   */
  static void turnMonth(Session s, String teamId, Plan plan, Instant at) {
    String id = "monthly:" + teamId + ":" + month(at);
    if (find(s, id)) {
      return;
    }
    for (Change old : unexpired(s, teamId, Window.MONTHLY.start(at))) {
      long from = Row.micros(Window.MONTHLY.start(old.at()));
      long to = Row.micros(Window.MONTHLY.end(old.at()).orElseThrow());
      long left = old.ticks() - Math.min(old.ticks(), spent(s, teamId, from, to));
      insert(s, new Change("expired:" + old.id(), teamId, Origin.EXPIRED, -left, old.id(), at));
    }
    if (plan.monthlyTicks() > 0) {
      insert(
          s,
          new Change(id, teamId, Origin.MONTHLY, plan.monthlyTicks(), "plan " + plan.name(), at));
    }
  }

  private static List<Change> unexpired(Session s, String teamId, Instant before) {
    return s.list(
        "SELECT * FROM credit c WHERE c.team_id = ? AND c.origin = 'MONTHLY' AND c.created_us < ?"
            + " AND NOT EXISTS (SELECT 1 FROM credit e WHERE e.id = 'expired:' || c.id)",
        Credits::change,
        teamId,
        before);
  }

  private static boolean find(Session s, String id) {
    return s.first("SELECT id FROM credit WHERE id = ?", row -> row.text("id"), id).isPresent();
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

  private static void insert(Session s, Change c) {
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

  private static Change change(Row row) throws SQLException {
    return new Change(
        row.text("id"),
        row.text("team_id"),
        Origin.valueOf(row.text("origin")),
        row.whole("amount_ticks"),
        row.text("note"),
        row.instant("created_us"));
  }
}
