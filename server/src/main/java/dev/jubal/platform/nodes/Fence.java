package dev.jubal.platform.nodes;

import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.DatabaseException;
import dev.jubal.platform.sql.Session;
import java.util.OptionalLong;

/**
 * Keeps a node from going on with what others took over, as it was silent for too long: a number
 * that grows with each taking over, known here as it was, and held against the row in the
 * transactions that build on it. Without other nodes nothing stands against anything. Thread-safe.
 */
public final class Fence {
  private final Database database;
  private volatile long epoch;

  private Fence(Database database) {
    this.database = database;
  }

  /**
   * That of this node, whose row is there by now.
   *
   * @throws DatabaseException when it cannot be read
   */
  public static Fence of(Database database) {
    Fence made = new Fence(database);
    made.renew();
    return made;
  }

  /**
   * The moment by the database's clock, microseconds since 1970, when nobody has taken over; then
   * nobody can until the transaction ends. Only where nodes share a database.
   */
  public OptionalLong holds(Session s) {
    return s.first(
            "SELECT "
                + Nodes.MOMENT
                + " AS moment FROM node WHERE id = ? AND lease_epoch = ? AND NOT recovered"
                + " FOR SHARE",
            row -> row.whole("moment"),
            database.node(),
            epoch)
        .map(OptionalLong::of)
        .orElse(OptionalLong.empty());
  }

  /** Whether nobody has taken over, as far as can be seen now. */
  public boolean stands(Session s) {
    return !database.shared()
        || s.first(
                "SELECT lease_epoch FROM node WHERE id = ?",
                row -> row.whole("lease_epoch"),
                database.node())
            .filter(found -> found == epoch)
            .isPresent();
  }

  /** Begins anew, when everything that was taken over is given up here. */
  public void renew() {
    if (database.shared()) {
      epoch =
          database.read(
              s ->
                  s.first(
                          "SELECT lease_epoch FROM node WHERE id = ?",
                          row -> row.whole("lease_epoch"),
                          database.node())
                      .orElse(0L));
    }
  }

  /** Says that another node was taken over; returns false when it came back before. */
  public static boolean raise(Session s, String node) {
    return s.update(
            "UPDATE node SET lease_epoch = lease_epoch + 1 WHERE id = ? AND recovered", node)
        > 0;
  }
}
