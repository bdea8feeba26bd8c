package dev.jubal.platform.sql;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * The file {@code jubal.db} of a data folder, brought to this version's schema. Several processes
 * may have it open at once; readers never wait for a writer (write-ahead log). Thread-safe.
 */
public final class Database implements AutoCloseable {
  private static final String FILE = "jubal.db";
  private static final Duration BUSY = Duration.ofSeconds(5);
  private static final int CONNECTIONS = 4;

  /** When a commit counts as done. */
  public enum Sync {
    /** When the disk has it: survives a power cut. */
    FULL,
    /** When the operating system has it: survives the end of the process, not a power cut. */
    NORMAL
  }

  private final Path folder;
  private final Semaphore free = new Semaphore(CONNECTIONS);
  private final Deque<Connection> idle = new ArrayDeque<>();
  private boolean closed;

  private Database(Path folder) {
    this.folder = folder;
  }

  /**
   * Opens the database of a folder; both are made when absent, readable by their owner only.
   *
   * @throws DatabaseException when it cannot be opened, is damaged, half-migrated, or from a newer
   *     version
   */
  public static Database open(Path folder) {
    Database database = new Database(folder.toAbsolutePath().normalize());
    try {
      database.create();
      NativeLibrary.unpackTo(database.folder());
      Connection first = database.connect(Sync.FULL, BUSY);
      database.idle.push(first);
      new Migrations(database.file(), source(database.file(), Sync.FULL, BUSY)).apply(first);
      return database;
    } catch (IOException e) {
      throw new DatabaseException("The data folder " + folder + " cannot be made: " + e, e);
    } catch (SQLException e) {
      database.close();
      throw new DatabaseException(
          "The database " + database.file() + " cannot be opened: " + SqlFailure.of(e).text() + ".",
          e);
    } catch (DatabaseException e) {
      database.close();
      throw e;
    }
  }

  private void create() throws IOException {
    boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
    Files.createDirectories(folder, ownerOnly(posix, "rwx------"));
    try {
      Files.createFile(file(), ownerOnly(posix, "rw-------"));
    } catch (FileAlreadyExistsException e) {
      if (posix) {
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-------"));
      }
    }
  }

  private static FileAttribute<?>[] ownerOnly(boolean posix, String mode) {
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
        }
        : new FileAttribute<?>[0];
  }

  public Path folder() {
    return folder;
  }

  Path file() {
    return folder.resolve(FILE);
  }

  /** Runs queries that change nothing. */
  public <T> T read(Function<Session, T> work) {
    Connection connection = borrow();
    try {
      return work.apply(new Session(connection));
    } finally {
      giveBack(connection);
    }
  }

  /**
   * Runs one writing transaction, committed to the disk when this returns, undone when the work
   * throws.
   *
   * @throws DatabaseException when another process holds the write lock for more than five seconds,
   *     or the commit fails
   */
  public <T> T write(Function<Session, T> work) {
    Connection connection = borrow();
    boolean committed = false;
    try {
      Transactions.begin(connection, BUSY);
      T result = work.apply(new Session(connection));
      Transactions.commit(connection);
      committed = true;
      return result;
    } catch (SQLException e) {
      throw Session.failed(e);
    } finally {
      if (!committed) {
        Transactions.rollback(connection);
      }
      giveBack(connection);
    }
  }

  /**
   * A connection of the caller's own, in auto-commit mode; transactions on it take the write lock
   * when they begin.
   *
   * @param busy how long a statement waits for another process's lock
   */
  public Connection connect(Sync sync, Duration busy) throws SQLException {
    return source(file(), sync, busy).getConnection();
  }

  private static SQLiteDataSource source(Path file, Sync sync, Duration busy) {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout((int) busy.toMillis());
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(
        sync == Sync.FULL
            ? SQLiteConfig.SynchronousMode.FULL
            : SQLiteConfig.SynchronousMode.NORMAL);
    config.enforceForeignKeys(true);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    config.setJournalSizeLimit(64 << 20);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    return source;
  }

  private Connection borrow() {
    free.acquireUninterruptibly();
    try {
      Connection connection = takeIdle();
      return connection != null ? connection : connect(Sync.FULL, BUSY);
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
      throw new DatabaseException("The database " + file() + " is closed.");
    }
    return idle.poll();
  }

  private void giveBack(Connection connection) {
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

  /** Closes it; work under way ends first. */
  @Override
  public void close() {
    Deque<Connection> open;
    synchronized (this) {
      closed = true;
      open = new ArrayDeque<>(idle);
      idle.clear();
    }
    open.forEach(Database::close);
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      throw Session.failed(e);
    }
  }
}
