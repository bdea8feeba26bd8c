package dev.jubal.platform.sql;

import java.sql.SQLException;

/** What kind of failure an SQLException is, in words that hold for every database. */
public enum SqlFailure {
  /** A row breaks a rule of the schema; only that statement is undone. */
  CONSTRAINT("a row breaks a rule of the database"),
  /** Another process held the write lock longer than the busy timeout. */
  BUSY("the database is locked by another process"),
  FULL("the disk or the database is full"),
  READ_ONLY("the database cannot be written"),
  DAMAGED("the file is damaged or no database"),
  OTHER("the database failed");

  private static final int PRIMARY_CODE = 0xff;

  private final String text;

  SqlFailure(String text) {
    this.text = text;
  }

  /** The failure by SQLite's result code, else by the SQLSTATE class. */
  public static SqlFailure of(SQLException e) {
    return switch (e.getErrorCode() & PRIMARY_CODE) {
      case 5, 6 -> BUSY;
      case 8 -> READ_ONLY;
      case 11, 26 -> DAMAGED;
      case 13 -> FULL;
      case 19 -> CONSTRAINT;
      default -> e.getSQLState() != null && e.getSQLState().startsWith("23") ? CONSTRAINT : OTHER;
    };
  }

  /** The kind in words, without the values of the row. */
  public String text() {
    return text;
  }
}
