package dev.jubal.account.ledger;

import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.Row;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a team used, from the sums by hour and day: however many rows the ledger has, a question
 * reads only the sums of the team in its range. Thread-safe.
 */
public final class UsageReader {
  private final Database database;

  public UsageReader(Database database) {
    this.database = database;
  }

  /** How wide a span of time is one line. */
  public enum Unit {
    HOUR("rollup_hour"),
    DAY("rollup_day"),
    /** All of the range is one line. */
    NONE("rollup_day");

    private final String table;

    Unit(String table) {
      this.table = table;
    }
  }

  /** What lines are told apart by. */
  public enum By {
    KEY("key_id"),
    PROJECT("project_id"),
    MODEL("model"),
    ENDPOINT("endpoint");

    private final String column;

    By(String column) {
      this.column = column;
    }

    /** As it is written. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A question.
   *
   * @param from inclusive; the span it falls into counts as a whole
   * @param to exclusive
   */
  public record Question(String teamId, Instant from, Instant to, Unit unit, List<By> by) {
    public Question {
      by = List.copyOf(by);
    }
  }

  /**
   * One line.
   *
   * @param start of its span; that of the range where the unit is NONE
   * @param group the values of what was asked to be told apart, in that order
   */
  public record Line(
      Instant start,
      List<String> group,
      long requests,
      long failures,
      Usage usage,
      long costTicks) {}

  /** Lines by time, then by group. */
  public List<Line> lines(Question q) {
    String columns = q.by().stream().map(b -> b.column).collect(Collectors.joining(", "));
    String start = q.unit() == Unit.NONE ? "" : "start_us";
    String group = start + (start.isEmpty() || columns.isEmpty() ? "" : ", ") + columns;
    String sql =
        "SELECT "
            + (group.isEmpty() ? "" : group + ", ")
            + "SUM(requests) AS requests, SUM(failures) AS failures,"
            + " SUM(prompt_tokens) AS prompt_tokens, SUM(cached_tokens) AS cached_tokens,"
            + " SUM(image_tokens) AS image_tokens, SUM(completion_tokens) AS completion_tokens,"
            + " SUM(reasoning_tokens) AS reasoning_tokens, SUM(cost_ticks) AS cost_ticks FROM "
            + q.unit().table
            + " WHERE team_id = ? AND start_us >= ? AND start_us < ?"
            + (group.isEmpty()
                ? " HAVING COUNT(*) > 0"
                : " GROUP BY " + group + " ORDER BY " + group);
    long from = Row.micros(q.from());
    long width = q.unit() == Unit.HOUR ? Rollups.HOUR : Rollups.DAY;
    return database.read(
        s ->
            s.list(
                sql, row -> line(q, row), q.teamId(), from - Math.floorMod(from, width), q.to()));
  }

  private static Line line(Question q, Row row) throws SQLException {
    List<String> group = new ArrayList<>();
    for (By by : q.by()) {
      group.add(row.text(by.column));
    }
    return new Line(
        q.unit() == Unit.NONE ? q.from() : row.instant("start_us"),
        group,
        row.whole("requests"),
        row.whole("failures"),
        new Usage(
            row.whole("prompt_tokens"),
            row.whole("cached_tokens"),
            row.whole("image_tokens"),
            row.whole("completion_tokens"),
            row.whole("reasoning_tokens")),
        row.whole("cost_ticks"));
  }
}
