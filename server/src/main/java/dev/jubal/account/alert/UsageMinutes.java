package dev.jubal.account.alert;

import dev.jubal.account.ledger.Admission;
import dev.jubal.account.ledger.Settlement;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.Row;
import dev.jubal.platform.sql.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sums by minute, of the teams that have rules alone. A settlement adds to figures in memory; a
 * timer writes them, so a kill loses what was not written in {@link AlertConfig#every} and no
 * request ever waits. Thread-safe.
 */
public final class UsageMinutes {
  private static final long MINUTE = 60_000_000L;
  private static final long MOST_OPEN = 100_000;
  private static final Duration KEPT = Duration.ofHours(49); // twice the longest window, and more
  private static final int CAPACITY_EXCEEDED = 498;

  private final Database database;
  private final InstantSource now;
  private final String run = UUID.randomUUID().toString().substring(0, 18);
  private final AtomicLong sources = new AtomicLong();
  private final Map<Key, Minute> open = new ConcurrentHashMap<>();
  private volatile Set<String> watched = Set.of();

  public UsageMinutes(Database database, InstantSource now) {
    this.database = database;
    this.now = now;
  }

  private record Key(String team, String model, long start) {}

  /**
   * A minute, or some of them together.
   *
   * @param start of the minute
   */
  record Sum(
      String model,
      Instant start,
      long requests,
      long failures,
      long tokens,
      long costTicks,
      Times latencies,
      Times firstTokens) {}

  /** A minute that is counted. Its fields belong to its lock; one row has one writer, this. */
  private final class Minute {
    private final String source = run + "-" + sources.incrementAndGet();
    private final Times latencies = new Times();
    private final Times firstTokens = new Times();
    private long requests;
    private long failures;
    private long tokens;
    private long costTicks;
    private boolean changed;
    private boolean over;

    /** False when it is no longer written: another one has to be asked for. */
    synchronized boolean add(Settlement t) {
      if (over) {
        return false;
      }
      requests++;
      failures += t.status() >= 500 || t.status() == CAPACITY_EXCEEDED ? 1 : 0;
      tokens += t.usage().total();
      costTicks += t.costTicks();
      latencies.add(t.latency());
      t.firstToken().ifPresent(firstTokens::add);
      changed = true;
      return true;
    }

    synchronized void write(Session s, Key key) {
      if (changed) {
        changed = false;
        s.update(
            "INSERT INTO usage_minute (team_id, start_us, model, source, requests, failures,"
                + " tokens, cost_ticks, latencies, first_tokens)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                + " ON CONFLICT (team_id, start_us, model, source) DO UPDATE SET"
                + " requests = excluded.requests, failures = excluded.failures,"
                + " tokens = excluded.tokens, cost_ticks = excluded.cost_ticks,"
                + " latencies = excluded.latencies, first_tokens = excluded.first_tokens",
            key.team,
            key.start,
            key.model,
            source,
            requests,
            failures,
            tokens,
            costTicks,
            latencies.text(),
            firstTokens.text());
      }
    }

    /** What was written is not there: it is written again. */
    synchronized void again() {
      changed = true;
    }

    synchronized boolean pending() {
      return changed;
    }

    /** Whether all of it is written, and nothing is added any more. */
    synchronized boolean end() {
      over = !changed;
      return over;
    }
  }

  /** The teams that are counted from now on. */
  void watch(Set<String> teams) {
    watched = Set.copyOf(teams);
  }

  /** Counts what a ledger settled. */
  public void settled(Admission admission, Settlement settlement) {
    settled(admission.principal().teamId(), admission.modelResolved(), settlement);
  }

  /** Counts a settlement. */
  void settled(String team, String model, Settlement settlement) {
    if (!watched.contains(team) || open.size() > MOST_OPEN) {
      return;
    }
    long at = Row.micros(now.instant());
    Key key = new Key(team, model, at - Math.floorMod(at, MINUTE));
    while (!open.computeIfAbsent(key, k -> new Minute()).add(settlement)) {
      Thread.onSpinWait(); // it is just being let go of
    }
  }

  /** Writes what was counted since the last time, and lets go of minutes that are over. */
  public void flush() {
    long over = Row.micros(now.instant()) - 2 * MINUTE;
    List<Map.Entry<Key, Minute>> due = new ArrayList<>();
    open.entrySet().stream()
        .filter(e -> e.getValue().pending() || e.getKey().start < over)
        .forEach(due::add);
    if (due.isEmpty()) {
      return;
    }
    try {
      var _ =
          database.write(
              s -> {
                due.forEach(e -> e.getValue().write(s, e.getKey()));
                return true;
              });
    } catch (RuntimeException e) {
      due.forEach(d -> d.getValue().again());
      throw e;
    }
    for (Map.Entry<Key, Minute> e : due) {
      if (e.getKey().start < over && e.getValue().end()) {
        open.remove(e.getKey(), e.getValue());
      }
    }
  }

  /** Forgets minutes that no window reaches back to. */
  void forget() {
    var _ =
        database.write(
            s ->
                s.update("DELETE FROM usage_minute WHERE start_us < ?", now.instant().minus(KEPT)));
  }

  /** The minutes of a team that began in a stretch of time, by time. */
  List<Sum> minutes(String team, Instant after, Instant until) {
    return database.read(
        s ->
            s.list(
                "SELECT * FROM usage_minute WHERE team_id = ? AND start_us > ? AND start_us <= ?"
                    + " ORDER BY start_us",
                UsageMinutes::sum,
                team,
                after,
                until));
  }

  private static Sum sum(Row row) throws SQLException {
    return new Sum(
        row.text("model"),
        row.instant("start_us"),
        row.whole("requests"),
        row.whole("failures"),
        row.whole("tokens"),
        row.whole("cost_ticks"),
        Times.of(row.text("latencies")),
        Times.of(row.text("first_tokens")));
  }
}
