package dev.jubal.account.budget;

import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.platform.sql.Session;
import java.time.Instant;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The credits that plans give each month, of which ends with the month what was neither spent in it
 * nor is held for its open requests.
 *
 * <p>That is not known once and for all when the month turns: open requests settle later, prices
 * are corrected, and a clock that turned it may have been wrong. So the last months are looked at
 * again, and what was taken back too much or too little is another row.
 */
final class MonthlyCredits {
  private static final int MONTHS_BACK = 2;
  private static final String ENDED = "expired:";

  private MonthlyCredits() {}

  static String id(String teamId, YearMonth month) {
    return "monthly:" + teamId + ":" + month;
  }

  /** Gives a team what its plan gives in this month, once. */
  static void give(Session s, String teamId, Plan plan, Instant at) {
    String id = id(teamId, Months.of(at));
    if (plan.monthlyTicks() > 0 && !given(s, id)) {
      Credits.insert(
          s,
          new Credits.Change(
              id, teamId, Credits.Origin.MONTHLY, plan.monthlyTicks(), "plan " + plan.name(), at));
    }
  }

  private static boolean given(Session s, String id) {
    return s.first("SELECT id FROM credit WHERE id = ?", row -> row.text("id"), id).isPresent();
  }

  /**
   * Takes back of all teams' credits what has ended, and gives back what was taken too much: of the
   * last months, and of older ones of which nobody did yet.
   *
   * @return whether anything was written that changes what is left
   */
  static boolean expire(Session s, Instant at) {
    YearMonth now = Months.of(at);
    List<YearMonth> months = months(s, Months.start(now.minusMonths(MONTHS_BACK)));
    if (months.isEmpty()) {
      return false;
    }
    Map<Held, Long> held = held(s, Months.start(now));
    boolean changed = false;
    for (YearMonth month : months) {
      for (Given g : given(s, month)) {
        long open = held.getOrDefault(new Held(g.credit.teamId(), month), 0L);
        long used = Math.addExact(g.spent, open);
        long more = -gone(g.credit.ticks(), used, month.compareTo(now)) - g.expired;
        boolean ended = month.isBefore(now) && !g.ended;
        if (more != 0 || ended) {
          take(s, g, more, ended, at);
        }
        changed |= more != 0;
      }
    }
    return changed;
  }

  /** The first one after the end of the month, if only of 0, has the id that says so. */
  private static void take(Session s, Given g, long ticks, boolean ended, Instant at) {
    String of = g.credit.id();
    String id = ENDED + of + (ended ? "" : ":" + g.times);
    Credits.insert(
        s, new Credits.Change(id, g.credit.teamId(), Credits.Origin.EXPIRED, ticks, of, at));
  }

  /** Of a month that is not there yet, as a clock was ahead, nothing can be spent either. */
  private static long gone(long ticks, long used, int side) {
    if (side == 0) {
      return 0;
    }
    return side > 0 ? ticks : ticks - Math.min(ticks, used);
  }

  private static List<YearMonth> months(Session s, Instant since) {
    return s
        .list(
            "SELECT DISTINCT created_us FROM credit c WHERE origin = 'MONTHLY' AND (created_us >= ?"
                + " OR NOT EXISTS (SELECT 1 FROM credit e WHERE e.id = '"
                + ENDED
                + "' || c.id))",
            row -> Months.of(row.instant("created_us")),
            since)
        .stream()
        .distinct()
        .toList();
  }

  /**
   * One that was given.
   *
   * @param spent in its month
   * @param expired taken back so far, negative
   * @param times in how many rows
   * @param ended whether one of them is of a time after its month
   */
  private record Given(
      Credits.Change credit, long spent, long expired, long times, boolean ended) {}

  private static List<Given> given(Session s, YearMonth month) {
    Instant from = Months.start(month);
    Instant to = Months.end(month);
    String expired =
        " FROM credit e WHERE e.team_id = c.team_id AND e.origin = 'EXPIRED'"
            + " AND e.note = c.id)";
    return s.list(
        "SELECT c.*, (SELECT COALESCE(SUM(r.cost_ticks), 0) FROM rollup_day r"
            + " WHERE r.team_id = c.team_id AND r.start_us >= ? AND r.start_us < ?) AS spent,"
            + " (SELECT COALESCE(SUM(e.amount_ticks), 0)"
            + expired
            + " AS expired, (SELECT COUNT(*)"
            + expired
            + " AS times, (SELECT COUNT(*) FROM credit e WHERE e.id = '"
            + ENDED
            + "' || c.id) AS ended FROM credit c WHERE c.origin = 'MONTHLY'"
            + " AND c.created_us >= ? AND c.created_us < ?",
        row ->
            new Given(
                Credits.change(row),
                row.whole("spent"),
                row.whole("expired"),
                row.whole("times"),
                row.whole("ended") > 0),
        from,
        to,
        from,
        to);
  }

  /** Whose open requests of which month. */
  private record Held(String teamId, YearMonth month) {}

  private static Map<Held, Long> held(Session s, Instant before) {
    Map<Held, Long> held = new HashMap<>();
    for (LedgerReader.Open open : LedgerReader.open(s, before)) {
      held.merge(new Held(open.teamId(), Months.of(open.admitted())), open.ticks(), Math::addExact);
    }
    return held;
  }
}
