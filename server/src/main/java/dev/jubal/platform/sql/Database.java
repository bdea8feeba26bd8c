package dev.jubal.platform.sql;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The database of a data folder, brought to this version's schema: SQLite's file {@code jubal.db}
 * in it, or the PostgreSQL that the configuration names, which several folders may share. Several
 * processes may have it open at once. Thread-safe.
 */
public final class Database implements AutoCloseable {
  /** When a commit counts as done. */
  public enum Sync {
    /** When the disk has it: survives a power cut. */
    FULL,
    /**
     * When the operating system has it: survives the end of the process, not a power cut. On
     * PostgreSQL when the server has it: survives the end of this process, not of that one.
     */
    NORMAL
  }

  private final Path folder;
  private final Connections connections;
  private final String node;
  private final DatabaseConfig config;
  private final @Nullable Session joined;

  private Database(Path folder, Connections connections, String node, DatabaseConfig config) {
    this(folder, connections, node, config, null);
  }

  private Database(
      Path folder,
      Connections connections,
      String node,
      DatabaseConfig config,
      @Nullable Session joined) {
    this.folder = folder;
    this.connections = connections;
    this.node = node;
    this.config = config;
    this.joined = joined;
  }

  /**
   * Opens the file of a folder; both are made when absent, readable by their owner only.
   *
   * @throws DatabaseException when it cannot be opened, is damaged, half-migrated, or from a newer
   *     version
   */
  public static Database open(Path folder) {
    return open(folder, DatabaseConfig.FILE);
  }

  /** The same, of a folder whose database the configuration names. */
  public static Database open(Path folder, DatabaseConfig config) {
    Path home = folder.toAbsolutePath().normalize();
    try {
      SqliteFile.makeFolder(home);
      String node = NodeId.of(home);
      Optional<String> url = config.url();
      return url.isPresent()
          ? server(home, config, url.get(), node)
          : new Database(home, file(home), node, config);
    } catch (IOException e) {
      throw new DatabaseException("The data folder " + folder + " cannot be made: " + e, e);
    }
  }

  private static Connections file(Path home) throws IOException {
    SqliteFile file = SqliteFile.open(home);
    return migrated(file, file::migrate);
  }

  private static Database server(Path home, DatabaseConfig config, String url, String node)
      throws IOException {
    NativeLibrary.unpackTo(home); // the lock of the folder is SQLite's
    PostgresServer server = PostgresServer.open(config, url);
    return new Database(home, migrated(server, server::migrate), node, config);
  }

  private interface Migrating {
    void run() throws SQLException, IOException;
  }

  private static Connections migrated(Connections opened, Migrating migrating) throws IOException {
    try {
      migrating.run();
      return opened;
    } catch (SQLException e) {
      opened.close();
      SqlFailure kind = SqlFailure.of(e);
      throw new DatabaseException(
          "The database "
              + opened.name()
              + " cannot be opened: "
              + kind.text()
              + (kind == SqlFailure.LOST || kind == SqlFailure.OTHER ? ": " + e.getMessage() : "")
              + ".",
          e);
    } catch (DatabaseException e) {
      opened.close();
      throw e;
    }
  }

  /** The data folder. */
  public Path folder() {
    return folder;
  }

  /** The id of this folder among those that share a database; of the form of a UUID. */
  public String node() {
    return node;
  }

  /** Whether other nodes may use it too. */
  public boolean shared() {
    return config.url().isPresent();
  }

  /** How long a node may be silent before it counts as gone. */
  public Duration nodeTimeout() {
    return config.nodeTimeout();
  }

  /** Runs queries that change nothing. */
  public <T> T read(Function<Session, T> work) {
    if (joined != null) {
      return work.apply(joined);
    }
    Connection connection = connections.borrow();
    try {
      return work.apply(new Session(connection));
    } finally {
      connections.giveBack(connection);
    }
  }

  /**
   * Runs one writing transaction, committed to the disk when this returns, undone when the work
   * throws. No other one runs beside it, in no process and on no node, so what it reads stays so
   * until it ends; the ledger's own transactions do.
   *
   * @throws DatabaseException when another process holds the write lock for more than five seconds,
   *     or the commit fails
   */
  public <T> T write(Function<Session, T> work) {
    return joined != null ? work.apply(joined) : transaction(connections::begin, work, true);
  }

  /**
   * The same, but that only those of the same name do not run beside it, on no node: for what many
   * write at once. What else it reads may change while it runs, between two statements.
   */
  public <T> T exclusively(String name, Function<Session, T> work) {
    return joined != null
        ? work.apply(joined)
        : transaction(connection -> connections.begin(connection, name), work, true);
  }

  /**
   * Runs the work of several stores as one writing transaction: what they read and write through
   * the database they are given belongs to it. They must not catch a failure of one another, and
   * not keep that database.
   *
   * @param commit whether what was done holds; else all of it is undone, and only the result stays
   * @throws DatabaseException as {@link #write}
   */
  public <T> T together(boolean commit, Function<Database, T> work) {
    return transaction(connections::begin, s -> work.apply(joined(s)), commit);
  }

  /**
   * Runs queries of several stores on one state of the database; nobody waits for them.
   *
   * @throws DatabaseException when it cannot be read
   */
  public <T> T snapshot(Function<Database, T> work) {
    return transaction(connections::beginReading, s -> work.apply(joined(s)), false);
  }

  /** This one, within a transaction that has begun. */
  private Database joined(Session transaction) {
    return new Database(folder, connections, node, config, transaction);
  }

  private interface Begin {
    void begin(Connection connection) throws SQLException;
  }

  private <T> T transaction(Begin begin, Function<Session, T> work, boolean commit) {
    Connection connection = connections.borrow();
    boolean committed = false;
    try {
      begin.begin(connection);
      T result = work.apply(new Session(connection));
      if (commit) {
        Transactions.commit(connection);
        committed = true;
      }
      return result;
    } catch (SQLException e) {
      throw Session.failed(e);
    } finally {
      if (!committed) {
        Transactions.rollback(connection);
      }
      connections.giveBack(connection);
    }
  }

  /**
   * A connection of the caller's own, in auto-commit mode; on SQLite transactions on it take the
   * write lock when they begin.
   *
   * @param busy how long a statement waits for another process's lock
   */
  public Connection connect(Sync sync, Duration busy) throws SQLException {
    return connections.connect(sync, busy);
  }

  /** Such a connection, which is made anew after it was lost. */
  public OwnConnection own(Sync sync, Duration busy) throws SQLException {
    return OwnConnection.open(() -> connect(sync, busy));
  }

  /** Where it is, for messages; without a password. */
  public String name() {
    return connections.name();
  }

  /** Closes it; work under way ends first. */
  @Override
  public void close() {
    if (joined == null) {
      connections.close();
    }
  }
}
