package dev.jubal.platform.sql;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/** What kind of failure an SQLException is, in words that hold for every database. */
public enum SqlFailure {
  /** A row breaks a rule of the schema. */
  CONSTRAINT("a row breaks a rule of the database"),
  /** Another process held a lock longer than the busy timeout. */
  BUSY("the database is locked by another process"),
  /** Two transactions waited for each other, and this one was undone: the same again may pass. */
  CONFLICT("two transactions of the database were in each other's way"),
  FULL("the disk or the database is full"),
  READ_ONLY("the database cannot be written"),
  DAMAGED("the file is damaged or no database"),
  /** There is no connection, or no more; what a commit under way did is not known. */
  LOST("the database cannot be reached"),
  OTHER("the database failed");

  private static final int PRIMARY_CODE = 0xff;
  // lock timeout, statement timeout
  private static final Set<String> BUSY_STATES = Set.of("55P03", "57014");
  // shutdown, crash, starting up, database dropped, too many connections
  private static final Set<String> LOST_STATES =
      Set.of("57P01", "57P02", "57P03", "57P04", "53300");

  private final String text;

  SqlFailure(String text) {
    this.text = text;
  }

  /** The failure by SQLite's result code, else by the SQLSTATE. */
  public static SqlFailure of(SQLException e) {
    return switch (e.getErrorCode() & PRIMARY_CODE) {
      case 5, 6 -> BUSY;
      case 8 -> READ_ONLY;
      case 11, 26 -> DAMAGED;
      case 13 -> FULL;
      case 19 -> CONSTRAINT;
      default -> byState(e);
    };
  }

  private static SqlFailure byState(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    if (state.startsWith("08")
        || LOST_STATES.contains(state)
        || e instanceof SQLTransientConnectionException) {
      return LOST;
    }
    if (BUSY_STATES.contains(state)) {
      return BUSY;
    }
    if (state.equals("25006")) {
      return READ_ONLY;
    }
    // 23 breaks a constraint, 22 is no value of its column
    return switch (state.length() < 2 ? "" : state.substring(0, 2)) {
      case "22", "23" -> CONSTRAINT;
      case "40" -> CONFLICT;
      case "53" -> FULL;
      case "XX" -> DAMAGED;
      default -> OTHER;
    };
  }

  /** The kind in words, without the values of the row. */
  public String text() {
    return text;
  }
}
