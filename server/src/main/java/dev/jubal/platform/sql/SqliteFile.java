package dev.jubal.platform.sql;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** The file of a data folder; readers never wait for a writer (write-ahead log). */
final class SqliteFile implements Connections {
  static final String FILE = "jubal.db";
  static final Duration BUSY = Duration.ofSeconds(5);
  private static final int CONNECTIONS = 4;

  private final Path file;
  private final Semaphore free = new Semaphore(CONNECTIONS);
  private final Deque<Connection> idle = new ArrayDeque<>();
  private boolean closed;

  private SqliteFile(Path file) {
    this.file = file;
  }

  /** Opens the file of a folder; both are made when absent, readable by their owner only. */
  static SqliteFile open(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    makeFolder(folder);
    boolean posix = posix(folder);
    try {
      Files.createFile(file, ownerOnly(posix, "rw-------"));
    } catch (FileAlreadyExistsException e) {
      if (posix) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      }
    }
    NativeLibrary.unpackTo(folder);
    return new SqliteFile(file);
  }

  /** Makes a data folder that only its owner can look into. */
  static void makeFolder(Path folder) throws IOException {
    Files.createDirectories(folder, ownerOnly(posix(folder), "rwx------"));
  }

  private static boolean posix(Path folder) {
    return folder.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static FileAttribute<?>[] ownerOnly(boolean posix, String mode) {
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
        }
        : new FileAttribute<?>[0];
  }

  Path file() {
    return file;
  }

  /** Brings it to this version's schema, and keeps a copy of what was there. */
  void migrate() throws SQLException, IOException {
    SQLiteDataSource source = source(file, Database.Sync.FULL, BUSY);
    Path folder = Path.of(String.valueOf(file.getParent()));
    Connection first;
    // the first of all makes the file one with a log, which no busy timeout waits for
    try (FolderLock _ = FolderLock.ofMigration(folder)) {
      first = source.getConnection();
    }
    giveFirst(first);
    new Migrations(name(), source)
        .apply(
            first,
            () -> FolderLock.ofMigration(folder),
            version -> Backups.beforeMigration(first, folder, version));
  }

  private synchronized void giveFirst(Connection connection) {
    idle.push(connection);
  }

  @Override
  public Connection borrow() {
    free.acquireUninterruptibly();
    try {
      Connection connection = takeIdle();
      return connection != null ? connection : connect(Database.Sync.FULL, BUSY);
    } catch (SQLException e) {
      free.release();
      throw Session.failed(e);
    } catch (RuntimeException e) {
      free.release();
      throw e;
    }
  }

  private synchronized @Nullable Connection takeIdle() {
    if (closed) {
      throw new DatabaseException("The database " + file + " is closed.");
    }
    return idle.poll();
  }

  @Override
  public void giveBack(Connection connection) {
    synchronized (this) {
      if (!closed) {
        idle.push(connection);
        free.release();
        return;
      }
    }
    free.release();
    close(connection);
  }

  @Override
  public Connection connect(Database.Sync sync, Duration busy) throws SQLException {
    return source(file, sync, busy).getConnection();
  }

  static SQLiteDataSource source(Path file, Database.Sync sync, Duration busy) {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout((int) busy.toMillis());
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(
        sync == Database.Sync.FULL
            ? SQLiteConfig.SynchronousMode.FULL
            : SQLiteConfig.SynchronousMode.NORMAL);
    config.enforceForeignKeys(true);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    config.setJournalSizeLimit(64 << 20);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    return source;
  }

  @Override
  public void beginReading(Connection connection) throws SQLException {
    // not by the driver, whose transactions take the write lock
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN DEFERRED");
    }
  }

  @Override
  public void begin(Connection connection) throws SQLException {
    Transactions.begin(connection, BUSY);
  }

  @Override
  public void begin(Connection connection, String name) throws SQLException {
    begin(connection);
  }

  @Override
  public String name() {
    return file.toString();
  }

  @Override
  public void close() {
    Deque<Connection> open;
    synchronized (this) {
      closed = true;
      open = new ArrayDeque<>(idle);
      idle.clear();
    }
    open.forEach(SqliteFile::close);
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      throw Session.failed(e);
    }
  }
}
