package dev.jubal.platform.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.jubal.platform.config.Secret;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL that several nodes may share, by HikariCP's pool.
 *
 * <p>Writing transactions of {@link Database#write} exclude each other over all nodes by an
 * advisory lock, as SQLite's do by its one lock: a check and the row that follows from it stay
 * together, and no code has to know which database it writes. The isolation is read committed, so
 * each statement after the lock sees all that was committed before. The ledger and the queues,
 * which write most, only append or change rows of their own; they take no such lock.
 */
final class PostgresServer implements Connections {
  /** The name under which connections of servers are shown; the restore looks for it. */
  static final String APPLICATION = "jubal";

  private static final Duration LOCK_WAIT = Duration.ofSeconds(5);
  private static final int CONNECT_SECONDS = 5;
  // longer than any statement of a request, so that a network that swallows packets ends
  private static final int SOCKET_SECONDS = 30;
  private static final long ONE_WRITER = 0x6a7562616cL; // "jubal"
  private static final int OLDEST = 15;

  private final DatabaseConfig config;
  private final String url;
  private @Nullable HikariDataSource pool;
  private boolean closed;

  private PostgresServer(DatabaseConfig config, String url) {
    this.config = config;
    this.url = url;
  }

  static PostgresServer open(DatabaseConfig config, String url) {
    return new PostgresServer(config, url);
  }

  /** Brings it to this version's schema, then opens the pool. */
  void migrate() throws SQLException, IOException {
    PGSimpleDataSource source = source(0);
    try (Connection first = source.getConnection()) {
      int version = first.getMetaData().getDatabaseMajorVersion();
      if (version < OLDEST) {
        throw new DatabaseException(
            "The database "
                + name()
                + " is PostgreSQL "
                + version
                + " (expected: "
                + OLDEST
                + " or newer).");
      }
      // Flyway takes a lock of its own there, and copies are the operator's: pg_dump
      new Migrations(name(), source).apply(first, () -> () -> {}, _ -> {});
    }
    pool = pool();
  }

  private HikariDataSource pool() {
    HikariConfig hikari = new HikariConfig();
    hikari.setDataSource(source(SOCKET_SECONDS));
    hikari.setMaximumPoolSize(config.connections());
    hikari.setMinimumIdle(1);
    hikari.setPoolName("jubal");
    hikari.setConnectionTimeout(Duration.ofSeconds(CONNECT_SECONDS).toMillis());
    hikari.setInitializationFailTimeout(-1); // a connection was made just now
    hikari.setConnectionInitSql(session(LOCK_WAIT));
    return new HikariDataSource(hikari);
  }

  /**
   * Its address, and who signs in there.
   *
   * @param socketSeconds how long an answer may take; 0: as long as it wants
   */
  PGSimpleDataSource source(int socketSeconds) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(url);
    config.user().ifPresent(source::setUser);
    config.password().map(Secret::reveal).ifPresent(source::setPassword);
    source.setApplicationName(APPLICATION);
    source.setConnectTimeout(CONNECT_SECONDS);
    source.setLoginTimeout(CONNECT_SECONDS);
    source.setSocketTimeout(socketSeconds);
    source.setTcpKeepAlive(true);
    source.setReWriteBatchedInserts(true);
    source.setLogServerErrorDetail(false); // its messages would hold the values of rows
    return source;
  }

  /**
   * What every connection begins with. Statements are short and read what lies in memory or on a
   * disk without arms: to compile one, to rather sort than to follow an index, or to share one out
   * among processes does not pay.
   */
  private static String session(Duration wait) {
    return "SET lock_timeout = "
        + Math.max(1, wait.toMillis())
        + "; SET jit = off; SET random_page_cost = 1.1; SET max_parallel_workers_per_gather = 0";
  }

  @Override
  public Connection borrow() {
    HikariDataSource from = pool;
    if (closed || from == null) {
      throw new DatabaseException("The database " + name() + " is closed.");
    }
    try {
      return from.getConnection();
    } catch (SQLException e) {
      throw Session.failed(e);
    }
  }

  @Override
  public void giveBack(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      throw Session.failed(e);
    }
  }

  @Override
  public Connection connect(Database.Sync sync, Duration busy) throws SQLException {
    Connection connection = source(SOCKET_SECONDS).getConnection();
    try (Statement statement = connection.createStatement()) {
      statement.execute(session(busy));
      statement.execute("SET synchronous_commit = " + (sync == Database.Sync.FULL ? "on" : "off"));
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public void beginReading(Connection connection) throws SQLException {
    Transactions.begin(connection, LOCK_WAIT);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
    }
  }

  @Override
  public void begin(Connection connection) throws SQLException {
    Transactions.begin(connection, LOCK_WAIT);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_advisory_xact_lock(" + ONE_WRITER + ")");
    }
  }

  /** Of two names with the same hash one waits for the other, which harms nobody. */
  @Override
  public void begin(Connection connection, String name) throws SQLException {
    Transactions.begin(connection, LOCK_WAIT);
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))")) {
      statement.setString(1, name);
      statement.execute();
    }
  }

  /** Without what may follow the name, which may be a password. */
  @Override
  public String name() {
    return url.replaceFirst("\\?.*", "").replaceFirst("//[^/]*@", "//");
  }

  @Override
  public void close() {
    closed = true;
    if (pool != null) {
      pool.close();
    }
  }
}
