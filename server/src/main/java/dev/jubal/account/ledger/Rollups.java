package dev.jubal.account.ledger;

import dev.jubal.platform.sql.Inserts;
import dev.jubal.platform.sql.Row;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Sums of settled rows by hour, by day, and by day and end user. Gathers those of a group of rows
 * and writes each sum once, in the transaction of the rows. Confined to the writer's thread.
 *
 * <p>A request counts where it was admitted, not where it ended, so that a budget's window and the
 * sums agree.
 */
final class Rollups implements AutoCloseable {
  static final long HOUR = 3_600_000_000L;
  static final long DAY = 24 * HOUR;

  private static final String COLUMNS =
      " (team_id, start_us, key_id, project_id, model, endpoint, requests, failures,"
          + " prompt_tokens, cached_tokens, image_tokens, completion_tokens, reasoning_tokens,"
          + " cost_ticks, backend_cost_ticks)";
  private static final String ON_CONFLICT =
      " ON CONFLICT (team_id, start_us, key_id, project_id, model, endpoint) DO UPDATE SET ";

  /** What is added up. */
  static final List<String> SUMS =
      List.of(
          "requests",
          "failures",
          "prompt_tokens",
          "cached_tokens",
          "image_tokens",
          "completion_tokens",
          "reasoning_tokens",
          "cost_ticks",
          "backend_cost_ticks");

  private static final String END_USER_CONFLICT =
      " ON CONFLICT (team_id, end_user, start_us) DO UPDATE SET"
          + " requests = rollup_end_user.requests + excluded.requests,"
          + " cost_ticks = rollup_end_user.cost_ticks + excluded.cost_ticks";

  private final PreparedStatement hour;
  private final PreparedStatement day;
  private final PreparedStatement endUser;
  private final boolean server;
  private final Map<Key, long[]> hours = new HashMap<>();
  private final Map<UserKey, long[]> users = new HashMap<>();

  /** A sum by hour or by day. */
  record Key(String team, long start, String key, String project, String model, String endpoint) {
    /** Several writers meet rows in one order, so that none waits for another in a circle. */
    static final Comparator<Key> ORDER =
        Comparator.comparing(Key::team)
            .thenComparingLong(Key::start)
            .thenComparing(Key::key)
            .thenComparing(Key::project)
            .thenComparing(Key::model)
            .thenComparing(Key::endpoint);

    /** Of the hour in which a row was admitted. */
    static Key hour(LedgerRow row) {
      long at = Row.micros(row.admitted());
      return new Key(
          row.owner().teamId(),
          at - Math.floorMod(at, HOUR),
          row.owner().keyId(),
          row.owner().project().orElse(""),
          row.modelResolved(),
          row.endpoint());
    }

    /** The end user's of its day. */
    UserKey user(String user) {
      return new UserKey(team, user, day().start);
    }

    Key day() {
      return new Key(team, start - Math.floorMod(start, DAY), key, project, model, endpoint);
    }
  }

  /** A sum by day and end user. */
  record UserKey(String team, String user, long start) {
    static final Comparator<UserKey> ORDER =
        Comparator.comparing(UserKey::team)
            .thenComparing(UserKey::user)
            .thenComparingLong(UserKey::start);
  }

  /**
   * @param server whether a round trip costs more than a statement
   */
  Rollups(Connection connection, boolean server) throws SQLException {
    this.server = server;
    hour = connection.prepareStatement(upsert("rollup_hour", values(15)));
    day = connection.prepareStatement(upsert("rollup_day", values(15)));
    endUser =
        connection.prepareStatement(
            "INSERT INTO rollup_end_user (team_id, end_user, start_us, requests, cost_ticks)"
                + values(5)
                + END_USER_CONFLICT);
  }

  private static String values(int count) {
    return " VALUES (" + "?, ".repeat(count - 1) + "?)";
  }

  private static String upsert(String table, String values) {
    StringBuilder sql = new StringBuilder("INSERT INTO " + table + COLUMNS + values + ON_CONFLICT);
    for (int i = 0; i < SUMS.size(); i++) {
      sql.append(i == 0 ? "" : ", ")
          .append(SUMS.get(i) + " = " + table + "." + SUMS.get(i) + " + excluded." + SUMS.get(i));
    }
    return sql.toString();
  }

  /** Counts a row whose settlement is written. */
  void add(Admission a, Settlement t) {
    long at = Row.micros(a.admitted());
    Usage u = t.usage();
    long[] sums = {
      1,
      t.status() >= 400 ? 1 : 0,
      u.prompt(),
      u.cached(),
      u.image(),
      u.completion(),
      u.reasoning(),
      t.costTicks(),
      t.backendCostTicks()
    };
    Key key =
        new Key(
            a.principal().teamId(),
            at - Math.floorMod(at, HOUR),
            a.principal().keyId(),
            a.principal().account().project().orElse(""),
            a.modelResolved(),
            a.endpoint());
    hours.merge(key, sums, Rollups::plus);
    a.reserved()
        .endUser()
        .ifPresent(
            user ->
                users.merge(
                    new UserKey(key.team(), user, at - Math.floorMod(at, DAY)),
                    new long[] {1, t.costTicks()},
                    Rollups::plus));
  }

  private static long[] plus(long[] a, long[] b) {
    long[] sum = new long[a.length];
    for (int i = 0; i < a.length; i++) {
      sum[i] = Math.addExact(a[i], b[i]);
    }
    return sum;
  }

  /** Writes what was counted. */
  void flush() throws SQLException {
    Map<Key, long[]> days = new HashMap<>();
    hours.forEach((key, sums) -> days.merge(key.day(), sums, Rollups::plus));
    writeAll(hour, hours);
    writeAll(day, days);
    for (Map.Entry<UserKey, long[]> entry : sorted(users, UserKey.ORDER)) {
      UserKey key = entry.getKey();
      long[] sums = entry.getValue();
      endUser.setString(1, key.team());
      endUser.setString(2, Inserts.clean(key.user())); // as its row has it
      endUser.setLong(3, key.start());
      endUser.setLong(4, sums[0]);
      endUser.setLong(5, sums[1]);
      write(endUser);
    }
    if (!users.isEmpty()) {
      send(endUser);
    }
    clear();
  }

  /** In one order, so that nodes which write the same sums wait for each other in turn. */
  private static <K> List<Map.Entry<K, long[]>> sorted(Map<K, long[]> all, Comparator<K> order) {
    return all.entrySet().stream().sorted(Map.Entry.comparingByKey(order)).toList();
  }

  private void writeAll(PreparedStatement s, Map<Key, long[]> all) throws SQLException {
    if (all.isEmpty()) {
      return;
    }
    for (Map.Entry<Key, long[]> entry : sorted(all, Key.ORDER)) {
      Key key = entry.getKey();
      s.setString(1, key.team());
      s.setLong(2, key.start());
      s.setString(3, key.key());
      s.setString(4, key.project());
      s.setString(5, key.model());
      s.setString(6, key.endpoint());
      long[] sums = entry.getValue();
      for (int i = 0; i < sums.length; i++) {
        s.setLong(7 + i, sums[i]);
      }
      write(s);
    }
    send(s);
  }

  private void write(PreparedStatement s) throws SQLException {
    if (server) {
      s.addBatch();
    } else {
      s.executeUpdate();
    }
  }

  private void send(PreparedStatement s) throws SQLException {
    if (server) {
      s.executeBatch();
    }
  }

  /** Forgets what was counted of a group that failed. */
  void clear() {
    hours.clear();
    users.clear();
  }

  /**
   * Statements that count admissions which are about to be closed at no cost, in the order in which
   * writers do.
   *
   * @param which what follows the table in their query
   * @param server whether others write meanwhile
   */
  static List<String> closing(String which, boolean server) {
    return List.of(
        closing("rollup_hour", HOUR, which, server),
        closing("rollup_day", DAY, which, server),
        users(which, server));
  }

  private static String closing(String table, long width, String which, boolean server) {
    List<String> group =
        List.of(
            "a.team_id",
            start(width),
            "a.key_id",
            "COALESCE(a.project_id, '')",
            "a.model_resolved",
            "a.endpoint");
    return upsert(
        table,
        " SELECT "
            + String.join(", ", group)
            + ", COUNT(*), COUNT(*), 0, 0, 0, 0, 0, 0, 0 FROM ledger_admission a"
            + which
            + grouped(group, server));
  }

  private static String users(String which, boolean server) {
    List<String> group = List.of("a.team_id", "a.end_user", start(DAY));
    return "INSERT INTO rollup_end_user (team_id, end_user, start_us, requests, cost_ticks) SELECT "
        + String.join(", ", group)
        + ", COUNT(*), 0 FROM ledger_admission a"
        + which
        + " AND a.end_user IS NOT NULL"
        + grouped(group, server)
        + END_USER_CONFLICT;
  }

  private static String start(long width) {
    return "a.admitted_us - a.admitted_us % " + width;
  }

  /** In a file there is one writer, so no order is needed. */
  private static String grouped(List<String> group, boolean server) {
    String order =
        group.stream()
            .map(g -> g.contains("_us") ? g : g + " COLLATE \"C\"") // as a Comparator has texts
            .collect(Collectors.joining(", "));
    return " GROUP BY " + String.join(", ", group) + (server ? " ORDER BY " + order : "");
  }

  @Override
  public void close() throws SQLException {
    hour.close();
    day.close();
    endUser.close();
  }
}
