package dev.jubal.platform.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** Where connections come from, and how a writing transaction begins there. Thread-safe. */
interface Connections extends AutoCloseable {
  /**
   * One of the pool, in auto-commit mode.
   *
   * @throws DatabaseException when there is none
   */
  Connection borrow();

  void giveBack(Connection connection);

  /** One of the caller's own; see {@link Database#connect}. */
  Connection connect(Database.Sync sync, Duration busy) throws SQLException;

  /** Begins a writing transaction; no other one of {@link Database#write} runs beside it. */
  void begin(Connection connection) throws SQLException;

  /** Begins one that excludes those of the same name alone; where there is one lock, all. */
  void begin(Connection connection, String name) throws SQLException;

  /** Begins a transaction that sees one state of the database and keeps nobody from writing. */
  void beginReading(Connection connection) throws SQLException;

  /** Where it is, for messages. */
  String name();

  /** Closes what is idle now and what is given back later. */
  @Override
  void close();
}
