package dev.jubal.account.limits;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.DatabaseException;
import dev.jubal.platform.sql.Row;
import dev.jubal.platform.sql.Session;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the ledger says of the time before this process began. Looked for once a caller and limit,
 * and only as long as something of that time can still count: rows of the last minute, and of an
 * end user's day, by an index, other days by the sums of hours. Thread-safe.
 */
public final class LedgerPast implements Past {
  private static final int PARTS = 60;
  private static final long HOUR = Duration.ofHours(1).toNanos() / 1000;
  private static final String REQUESTS =
      "SELECT a.admitted_us / %d AS part, COUNT(*) AS amount FROM ledger_admission a"
          + " WHERE a.team_id = ? AND a.admitted_us >= ?";
  // an hour is longer than any answer takes that counts in a window of a minute
  private static final String TOKENS =
      "SELECT s.settled_us / %d AS part, SUM(s.total_tokens) AS amount FROM ledger_admission a"
          + " JOIN ledger_settlement s ON s.request_id = a.request_id"
          + " WHERE a.team_id = ? AND a.admitted_us >= ? - 3600000000 AND s.settled_us >= ?";

  private final Database database;
  private final InstantSource now;
  private final Instant began;

  public LedgerPast(Database database, InstantSource now) {
    this.database = database;
    this.now = now;
    this.began = now.instant();
  }

  /**
   * What was used in a part of a window.
   *
   * @param endMicros the last moment of it, since 1970
   */
  record Part(long endMicros, long amount) {}

  @Override
  public List<Used> of(Scope scope, String team, String name, Quota quota) {
    Duration window = quota.window().orElseThrow();
    Instant at = now.instant();
    if (at.isAfter(began.plus(window).plus(window))) {
      return List.of(); // all that counts was counted here
    }
    try {
      long micros = Row.micros(at);
      long from = micros - window.toNanos() / 1000;
      return database
          .read(
              s ->
                  window.toNanos() / 1000 > HOUR && scope != Scope.USER
                      ? hours(s, new Who(scope, team, name), quota, from)
                      : rows(s, new Who(scope, team, name), quota, from, Optional.empty()))
          .stream()
          .map(p -> new Used(Math.max(0, micros - p.endMicros) * 1000, p.amount))
          .toList();
    } catch (DatabaseException e) {
      throw ApiException.unavailable("What counts against limits cannot be read now.", e);
    }
  }

  /** Whose requests are meant. */
  record Who(Scope scope, String team, String name) {}

  private static List<Part> hours(Session s, Who who, Quota quota, long from) {
    String sum =
        quota.tokens()
            ? "r.prompt_tokens + r.completion_tokens + r.reasoning_tokens"
            : "r.requests";
    List<Object> arguments = new ArrayList<>(List.of(who.team, from));
    String narrowed =
        switch (who.scope) {
          case TEAM -> "";
          case MODEL -> " AND r.model = ?";
          case KEY -> " AND r.key_id = ?";
          case USER -> throw new IllegalArgumentException("there are no sums by hour and end user");
        };
    if (!narrowed.isEmpty()) {
      arguments.add(who.name);
    }
    return parts(
        s,
        "SELECT r.start_us / 3600000000 AS part, SUM("
            + sum
            + ") AS amount FROM rollup_hour r WHERE r.team_id = ? AND r.start_us >= ? - 3600000000"
            + narrowed
            + " GROUP BY r.start_us / 3600000000",
        HOUR,
        arguments);
  }

  /**
   * From the rows themselves, in parts of the window.
   *
   * @param node only what this one admitted
   */
  static List<Part> rows(Session s, Who who, Quota quota, long from, Optional<String> node) {
    Query query = query(who, quota, from, node);
    return parts(s, query.sql, width(quota), query.arguments);
  }

  /** A question to the ledger. */
  record Query(String sql, List<Object> arguments) {}

  private static long width(Quota quota) {
    return quota.window().orElseThrow().toNanos() / 1000 / PARTS;
  }

  static Query query(Who who, Quota quota, long from, Optional<String> node) {
    long width = width(quota);
    List<Object> arguments = new ArrayList<>(List.of(who.team, from));
    if (quota.tokens()) {
      arguments.add(from);
    }
    StringBuilder sql = new StringBuilder((quota.tokens() ? TOKENS : REQUESTS).formatted(width));
    switch (who.scope) {
      case TEAM -> {}
      case MODEL -> sql.append(" AND a.model_resolved = ?");
      case KEY -> sql.append(" AND a.key_id = ?");
      case USER -> sql.append(" AND a.end_user = ?");
    }
    if (who.scope != Scope.TEAM) {
      arguments.add(who.name);
    }
    node.ifPresent(
        id -> {
          sql.append(" AND a.node_id = ?");
          arguments.add(id);
        });
    sql.append(" GROUP BY ")
        .append(quota.tokens() ? "s.settled_us / " : "a.admitted_us / ")
        .append(width);
    return new Query(sql.toString(), arguments);
  }

  private static List<Part> parts(Session s, String sql, long width, List<Object> arguments) {
    return s.list(
        sql,
        row -> new Part((row.whole("part") + 1) * width, row.whole("amount")),
        arguments.toArray());
  }
}
