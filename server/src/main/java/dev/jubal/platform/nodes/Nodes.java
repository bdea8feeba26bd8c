package dev.jubal.platform.nodes;

import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.DatabaseException;
import dev.jubal.platform.sql.Row;
import dev.jubal.platform.sql.Session;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * The nodes of a database and their heartbeats. A file's database has one node, which never beats.
 * Thread-safe.
 *
 * <p>Time is the database's own where several nodes share one, so that their clocks may differ.
 */
public final class Nodes {
  /** Selects the ids of living nodes; its argument is {@link #limit}. */
  public static final String LIVING = "SELECT id FROM node WHERE heartbeat_us >= ?";

  /** The clock of the database, microseconds since 1970; where nodes share one. */
  static final String MOMENT = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)";

  private final Database database;
  private final InstantSource now;

  public Nodes(Database database, InstantSource now) {
    this.database = database;
    this.now = now;
  }

  /** The id of this one. */
  public String own() {
    return database.node();
  }

  /** Whether there may be others. */
  public boolean shared() {
    return database.shared();
  }

  /** The ids of the others that live, where nodes share a database. */
  public List<String> others() {
    return database.shared()
        ? database.read(
            s ->
                s.list(LIVING + " AND id <> ? ORDER BY id", row -> row.text("id"), limit(s), own()))
        : List.of();
  }

  /** Now by the clock of a database that nodes share, microseconds since 1970. */
  public static long moment(Session s) {
    return s.first("SELECT " + MOMENT + " AS moment", row -> row.whole("moment")).orElseThrow();
  }

  /** The least heartbeat of a living node, microseconds since 1970. */
  public long limit(Session s) {
    return limit(now(s));
  }

  /** The least heartbeat of a node that lives at a moment, both microseconds since 1970. */
  public long limit(long momentMicros) {
    return momentMicros - database.nodeTimeout().toNanos() / 1000;
  }

  /** The moment by the clock that all nodes share, microseconds since 1970. */
  public long now(Session s) {
    return database.shared() ? moment(s) : Row.micros(now.instant().truncatedTo(ChronoUnit.MICROS));
  }

  /**
   * Begins: this node lives from now on.
   *
   * @param mark where recovery looks from when the node is new, microseconds since 1970
   */
  public void join(Session s, long mark) {
    s.update(
        "INSERT INTO node (id, started_us, heartbeat_us, mark_us, recovered)"
            + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
            + " started_us = excluded.started_us, heartbeat_us = excluded.heartbeat_us,"
            + " recovered = excluded.recovered, lease_epoch = node.lease_epoch + 1",
        own(),
        now(s),
        now(s),
        mark,
        false);
  }

  /**
   * Says that this node lives.
   *
   * @throws DatabaseException when it cannot be said
   */
  public void beat() {
    if (shared()) {
      database.write(
          s ->
              s.update(
                  "UPDATE node SET heartbeat_us = ?, recovered = ? WHERE id = ?",
                  now(s),
                  false,
                  own()));
    }
  }

  /** Says that it ended, so that nobody waits for it. */
  public void leave() {
    if (shared()) {
      database.write(s -> s.update("UPDATE node SET heartbeat_us = 0 WHERE id = ?", own()));
    }
  }
}
