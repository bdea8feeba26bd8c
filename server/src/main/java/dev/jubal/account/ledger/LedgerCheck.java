package dev.jubal.account.ledger;

import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.Row;
import dev.jubal.platform.sql.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Proves the ledger from its rows: each cost is the admitted price times the usage, the sums are
 * the sums of the rows, and every admission is settled or open. Reads all of it, so it takes a
 * while over millions of rows, but never more than some hundred thousand in one statement; a server
 * may run beside it.
 */
public final class LedgerCheck {
  private static final long PART = 500_000;
  private static final String LONG =
      "(a.long_threshold > 0 AND COALESCE(s.longest_prompt, s.prompt_tokens) >= a.long_threshold)";
  private static final List<String> GROUP =
      List.of("team_id", "start_us", "key_id", "project_id", "model", "endpoint");

  private static final List<String> USER = List.of("team_id", "end_user", "start_us");
  private static final List<String> USER_SUMS = List.of("requests", "cost_ticks");

  private static final String CORRECTED =
      "s.cost_ticks + COALESCE((SELECT SUM(c.delta_ticks) FROM ledger_correction c"
          + " WHERE c.request_id = s.request_id), 0) AS cost_ticks";
  private static final String SETTLED_IN_RANGE =
      " FROM ledger_admission a JOIN ledger_settlement s ON s.request_id = a.request_id"
          + " WHERE a.admitted_us >= ? AND a.admitted_us < ?";

  private final Database database;
  private final Consumer<String> progress;
  private final long part;

  public LedgerCheck(Database database) {
    this(database, step -> {}, PART);
  }

  /**
   * One that tells what it has done.
   *
   * @param part how many rows a statement reads, about
   */
  LedgerCheck(Database database, Consumer<String> progress, long part) {
    this.database = database;
    this.progress = progress;
    this.part = part;
  }

  /** The same, told what is being looked at. */
  public static LedgerCheck telling(Database database, Consumer<String> progress) {
    return new LedgerCheck(database, progress, PART);
  }

  /**
   * One thing that was looked at.
   *
   * @param wrong how many rows are not as they should be
   */
  public record Finding(String what, long rows, long wrong) {}

  /** All of it; each statement sees rows and sums of one moment. */
  public List<Finding> run() {
    return database.read(this::run);
  }

  private List<Finding> run(Session s) {
    List<Finding> found = new ArrayList<>();
    Pages admitted = pages(s, "ledger_admission", Pages.ADMITTED);
    Pages settled = pages(s, "ledger_settlement", Pages.SETTLED);
    found.add(new Finding("costs are price times usage", settled.rows(), settled.wrong()));
    found.add(new Finding("settled at a price nobody knows", settled.unpriced(), 0));
    sums(s, admitted.rows(), found);
    found.add(new Finding("admissions, " + admitted.alone() + " of them open", admitted.rows(), 0));
    found.add(new Finding("settlements have an admission", settled.rows(), settled.alone()));
    return found;
  }

  /**
   * All rows of a table, in the order of their ids.
   *
   * @param alone those without a row of the other one
   * @param wrong those whose cost is another than price times usage
   * @param unpriced those that used something at a price nobody knew, which is no fault
   */
  private record Pages(long rows, long alone, long wrong, long unpriced) {
    static final String ADMITTED =
        "SELECT COUNT(*) AS n, 0 AS wrong, 0 AS unpriced, 0 AS more,"
            + " SUM(CASE WHEN s.request_id IS NULL THEN 1 ELSE 0 END) AS alone"
            + joined("ledger_admission a", "ledger_settlement s");
    static final String SETTLED =
        "SELECT COUNT(*) AS n,"
            + " SUM(CASE WHEN a.request_id IS NULL THEN 1 ELSE 0 END) AS alone,"
            + " SUM(CASE WHEN (a.price_source = '"
            + Price.UNKNOWN
            + "' OR a.price_source LIKE '"
            + Price.UNKNOWN
            + ",%') AND s.total_tokens > 0 THEN 1 ELSE 0 END) AS unpriced,"
            + " SUM(CASE WHEN "
            + MoreCheck.PLAIN
            + " THEN 0 ELSE 1 END) AS more,"
            + " SUM(CASE WHEN "
            + MoreCheck.PLAIN
            + " AND s.cost_ticks <> (CASE WHEN "
            + LONG
            + " THEN "
            + cost("a.long_rate_")
            + " ELSE "
            + cost("a.rate_")
            + " END) THEN 1 ELSE 0 END) AS wrong"
            + joined("ledger_settlement s", "ledger_admission a");

    /** Each by its own range: of one alone a database may read the other from its beginning. */
    private static String joined(String all, String other) {
      String one = all.substring(all.length() - 1) + ".request_id";
      String two = other.substring(other.length() - 1) + ".request_id";
      return " FROM %s LEFT JOIN %s ON %s = %s AND %s > ? AND %s <= ? WHERE %s > ? AND %s <= ?"
          .formatted(all, other, two, one, two, two, one, one);
    }
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

  /**
   * Some of them.
   *
   * @param more those that {@link MoreCheck} has to look at
   */
  private record Page(long rows, long alone, long wrong, long unpriced, long more) {
    static Page of(Row row) throws SQLException {
      return new Page(
          row.whole("n"),
          row.whole("alone"),
          row.whole("wrong"),
          row.whole("unpriced"),
          row.whole("more"));
    }
  }

  private Pages pages(Session s, String table, String sql) {
    Pages sum = new Pages(0, 0, 0, 0);
    String after = "";
    Optional<String> end = end(s, table, after);
    while (end.isPresent()) {
      String last = end.get();
      Page page = s.first(sql, Page::of, after, last, after, last).orElseThrow();
      long wrong = page.wrong() + (page.more() == 0 ? 0 : MoreCheck.wrong(s, after, last));
      sum =
          new Pages(
              sum.rows + page.rows(),
              sum.alone + page.alone(),
              sum.wrong + wrong,
              sum.unpriced + page.unpriced());
      progress.accept(table + ": " + sum.rows + " rows");
      after = last;
      end = end(s, table, after);
    }
    return sum;
  }

  /** The last id of the page after an id; empty when there is none. */
  private Optional<String> end(Session s, String table, String after) {
    return s.first(
            "SELECT MAX(request_id) AS last FROM (SELECT request_id FROM "
                + table
                + " WHERE request_id > ? ORDER BY request_id LIMIT ?) x",
            row -> row.maybeText("last"),
            after,
            part)
        .flatMap(last -> last);
  }

  // --- sums

  /** Microseconds since 1970 of the first and last admission or sum, whole days of UTC. */
  private record Span(long from, long to) {
    static Span of(Session s) {
      return s.first(
              "SELECT MIN(lo) AS lo, MAX(hi) AS hi FROM ("
                  + Stream.of("rollup_hour", "rollup_day", "rollup_end_user")
                      .map(t -> "SELECT MIN(start_us) AS lo, MAX(start_us) AS hi FROM " + t)
                      .collect(Collectors.joining(" UNION ALL "))
                  + " UNION ALL SELECT (SELECT MIN(admitted_us) FROM ledger_admission),"
                  + " (SELECT MAX(admitted_us) FROM ledger_admission)) x",
              row -> new Span(day(row.whole("lo")), day(row.whole("hi")) + Rollups.DAY))
          .orElseThrow();
    }

    private static long day(long micros) {
      return micros - Math.floorMod(micros, Rollups.DAY);
    }
  }

  private void sums(Session s, long admitted, List<Finding> found) {
    Span all = Span.of(s);
    long days = Math.max(1, (all.to() - all.from()) / Rollups.DAY);
    long step = Math.clamp(days * part / Math.max(1, admitted), 1, days) * Rollups.DAY;
    long hours = 0;
    long daily = 0;
    long users = 0;
    for (long from = all.from(); from < all.to(); from += step) {
      Object[] range = {from, Math.min(all.to(), from + step)};
      hours +=
          wrong(
              s, new Sums("rollup_hour", GROUP, Rollups.SUMS, teams("rollup_hour")), rows(), range);
      daily +=
          wrong(s, new Sums("rollup_day", GROUP, Rollups.SUMS, teams("rollup_day")), days(), range);
      users += wrong(s, new Sums("rollup_end_user", USER, USER_SUMS, ""), users(), range);
      progress.accept("sums until " + Instant.EPOCH.plus(from + step, ChronoUnit.MICROS));
    }
    found.add(new Finding("sums by hour", count(s, "rollup_hour"), hours));
    found.add(new Finding("sums by day", count(s, "rollup_day"), daily));
    found.add(new Finding("sums by end user", count(s, "rollup_end_user"), users));
  }

  private static String rows() {
    return "SELECT a.team_id, a.admitted_us - a.admitted_us % "
        + Rollups.HOUR
        + " AS start_us, a.key_id, COALESCE(a.project_id, '') AS project_id,"
        + " a.model_resolved AS model, a.endpoint, 1 AS requests,"
        + " CASE WHEN s.status >= 400 THEN 1 ELSE 0 END AS failures, s.prompt_tokens,"
        + " s.cached_tokens, s.image_tokens, s.completion_tokens, s.reasoning_tokens, "
        + CORRECTED
        + ", s.backend_cost_ticks"
        + SETTLED_IN_RANGE;
  }

  private static String users() {
    return "SELECT a.team_id, a.end_user, a.admitted_us - a.admitted_us % "
        + Rollups.DAY
        + " AS start_us, 1 AS requests, "
        + CORRECTED
        + SETTLED_IN_RANGE
        + " AND a.end_user IS NOT NULL";
  }

  private static String days() {
    return "SELECT team_id, start_us - start_us % "
        + Rollups.DAY
        + " AS start_us, key_id, project_id, model, endpoint, "
        + String.join(", ", Rollups.SUMS)
        + " FROM rollup_hour WHERE start_us >= ? AND start_us < ?"
        + teams("rollup_hour");
  }

  /**
   * All teams of a table of sums, which are found by team and time: so a range of time is read team
   * by team. Each is looked up from the one before, as an index has no list of its first words.
   */
  private static String teams(String table) {
    return " AND team_id IN (WITH RECURSIVE teams (id) AS (SELECT MIN(team_id) FROM "
        + table
        + " UNION ALL SELECT (SELECT MIN(r.team_id) FROM "
        + table
        + " r WHERE r.team_id > teams.id) FROM teams WHERE teams.id IS NOT NULL)"
        + " SELECT id FROM teams WHERE id IS NOT NULL)";
  }

  /**
   * A table of sums, by what they are told apart.
   *
   * @param which narrows a statement to what is counted there
   */
  private record Sums(String table, List<String> group, List<String> columns, String which) {}

  /**
   * How many sums differ from their parts, lack them, or are lacking.
   *
   * @param parts a query of the same columns, with a range of moments
   */
  private static long wrong(Session s, Sums sums, String parts, Object[] range) {
    String group = String.join(", ", sums.group());
    String sql =
        "SELECT COUNT(*) AS n FROM (SELECT "
            + group
            + " FROM ("
            + parts
            + " UNION ALL SELECT "
            + group
            + joined(sums, ", -", "")
            + " FROM "
            + sums.table()
            + " WHERE start_us >= ? AND start_us < ?"
            + sums.which()
            + ") x GROUP BY "
            + group
            + " HAVING "
            + joined(sums, " OR SUM(", ") <> 0").substring(" OR ".length())
            + ") y";
    return s.first(sql, row -> row.whole("n"), range[0], range[1], range[0], range[1]).orElse(0L);
  }

  private static String joined(Sums sums, String before, String after) {
    return sums.columns().stream().map(c -> before + c + after).collect(Collectors.joining());
  }

  private static long count(Session s, String table) {
    return s.first("SELECT COUNT(*) AS n FROM " + table, row -> row.whole("n")).orElse(0L);
  }
}
