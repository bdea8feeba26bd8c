package dev.jubal.account.ledger;

import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.Row;
import dev.jubal.platform.sql.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What a team used, from the sums by hour and day: however many rows the ledger has, a question
 * reads only the sums of the team in its range. Thread-safe.
 */
public final class UsageReader {
  private static final List<String> SUMS =
      List.of(
          "requests",
          "failures",
          "prompt_tokens",
          "cached_tokens",
          "image_tokens",
          "completion_tokens",
          "reasoning_tokens",
          "cost_ticks");

  private final Database database;

  public UsageReader(Database database) {
    this.database = database;
  }

  /** How wide a span of time is one line. */
  public enum Unit {
    HOUR("rollup_hour", Duration.ofDays(1)),
    DAY("rollup_day", Duration.ofDays(15)),
    /** A month of UTC, of the days of it that are in the range. */
    MONTH("rollup_day", Duration.ZERO),
    /** All of the range is one line. */
    NONE("rollup_day", Duration.ZERO);

    private final String table;
    private final Duration together;

    /** {@code together}: how much time is read at once where that matters; zero for all of it. */
    Unit(String table, Duration together) {
      this.table = table;
      this.together = together;
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
   * @param only what counts: of each of these one of the values
   */
  public record Question(
      String teamId, Instant from, Instant to, Unit unit, List<By> by, Map<By, Set<String>> only) {
    public Question {
      by = List.copyOf(by);
      only = Map.copyOf(only);
    }

    /** One of all that the team used. */
    public Question(String teamId, Instant from, Instant to, Unit unit, List<By> by) {
      this(teamId, from, to, unit, by, Map.of());
    }

    private Question within(Instant from, Instant to) {
      return new Question(teamId, from, to, unit, by, only);
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
      long costTicks) {
    /** Both as one line of this group. */
    private Line plus(Line other) {
      return new Line(
          start,
          group,
          requests + other.requests,
          failures + other.failures,
          usage.plus(other.usage),
          Math.addExact(costTicks, other.costTicks));
    }

    private Line at(Instant otherStart) {
      return new Line(otherStart, group, requests, failures, usage, costTicks);
    }
  }

  /** Lines by time, then by group. */
  public List<Line> lines(Question q) {
    return database.read(s -> lines(s, q));
  }

  /**
   * The same in parts, each of few spans of time, so that neither memory nor a statement grows with
   * the range. Each part is of one moment.
   *
   * @param part is given each part that has lines; it may take its time
   */
  public void each(Question q, Consumer<List<Line>> part) {
    if (q.unit().together.isZero()) {
      part.accept(lines(q));
      return;
    }
    Instant from = q.from();
    while (from.isBefore(q.to())) {
      Optional<Instant> next = first(q, from);
      if (next.isEmpty()) {
        return;
      }
      Instant start = next.get();
      Instant end = start.plus(q.unit().together);
      Instant to = end.isBefore(q.to()) ? end : q.to();
      List<Line> lines = lines(q.within(start, to));
      if (!lines.isEmpty()) {
        part.accept(lines);
      }
      from = to;
    }
  }

  /** The first span at or after a moment in which something was used. */
  private Optional<Instant> first(Question q, Instant from) {
    return database.read(
        s ->
            s.first(
                "SELECT start_us FROM "
                    + q.unit().table
                    + " WHERE team_id = ? AND start_us >= ? AND start_us < ?"
                    + " ORDER BY start_us LIMIT 1",
                row -> row.instant("start_us"),
                q.teamId(),
                start(q, from),
                q.to()));
  }

  private static long start(Question q, Instant from) {
    long micros = Row.micros(from);
    return micros - Math.floorMod(micros, q.unit() == Unit.HOUR ? Rollups.HOUR : Rollups.DAY);
  }

  private static List<Line> lines(Session s, Question q) {
    String columns = q.by().stream().map(b -> b.column).collect(Collectors.joining(", "));
    String start = q.unit() == Unit.NONE ? "" : "start_us";
    String group = start + (start.isEmpty() || columns.isEmpty() ? "" : ", ") + columns;
    StringBuilder only = new StringBuilder();
    List<Object> arguments = new ArrayList<>(List.of(q.teamId(), start(q, q.from()), q.to()));
    q.only()
        .forEach(
            (by, values) -> {
              String marks = String.join(", ", Collections.nCopies(values.size(), "?"));
              only.append(" AND " + by.column + " IN (" + marks + ")");
              arguments.addAll(values);
            });
    String sql =
        "SELECT "
            + (group.isEmpty() ? "" : group + ", ")
            + SUMS.stream().map(UsageReader::sum).collect(Collectors.joining(", "))
            + " FROM "
            + q.unit().table
            + " WHERE team_id = ? AND start_us >= ? AND start_us < ?"
            + only
            + (group.isEmpty()
                ? " HAVING COUNT(*) > 0"
                : " GROUP BY " + group + " ORDER BY " + group);
    List<Line> found = s.list(sql, row -> line(q, row), arguments.toArray());
    return q.unit() == Unit.MONTH ? months(found) : found;
  }

  /** Days as the months they are of, here, as no SQL for it is the same in both databases. */
  private static List<Line> months(List<Line> days) {
    Map<List<Object>, Line> months = new LinkedHashMap<>();
    for (Line day : days) {
      Instant start =
          day.start()
              .atOffset(ZoneOffset.UTC)
              .with(TemporalAdjusters.firstDayOfMonth())
              .toInstant();
      months.merge(List.of(start, day.group()), day.at(start), Line::plus);
    }
    return List.copyOf(months.values());
  }

  /** Of a width that is read as it is; PostgreSQL's own sum is a decimal of any length. */
  private static String sum(String column) {
    return "CAST(SUM(" + column + ") AS BIGINT) AS " + column;
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
