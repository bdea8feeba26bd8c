package dev.jubal.account.ledger;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.DatabaseException;
import dev.jubal.platform.sql.FolderLock;
import dev.jubal.platform.sql.Row;
import dev.jubal.platform.sql.Session;
import dev.jubal.platform.sql.SqlFailure;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger in the data folder's database, written by one thread in groups. Thread-safe; callers
 * block, so they should be virtual threads.
 *
 * <p>Holds the folder's server lock while open. A write that fails is never repeated for its
 * caller: a request whose settlement failed is closed by the next start's recovery.
 */
public final class SqlLedger implements Ledger, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SqlLedger.class);
  private static final int MARK_EVERY = 10_000;

  private final FolderLock lock;
  private final Connection connection;
  private final GroupCommit writer;
  private final Session session;
  private final InstantSource now;
  private final int recovered;
  // of the writer's thread: when the open requests of this process were admitted, in microseconds
  private final Map<String, Long> open = new HashMap<>();
  private @Nullable LedgerRows rows;
  private long mark;
  private long committedMark;
  private long newest;
  private long oldestOfGroup = Long.MAX_VALUE;
  private int sinceMark;
  private volatile int openCount;

  private SqlLedger(
      FolderLock lock,
      Connection connection,
      Duration busyTimeout,
      InstantSource now,
      Recovery.Outcome start) {
    this.lock = lock;
    this.connection = connection;
    this.session = Session.on(connection);
    this.now = now;
    this.recovered = start.recovered();
    this.mark = start.mark();
    this.committedMark = start.mark();
    this.newest = start.mark();
    this.writer = new GroupCommit(connection, busyTimeout, new Statements());
  }

  /**
   * Opens the ledger and settles what an earlier process left open.
   *
   * @throws DatabaseException when another server runs on the folder, or it cannot be written
   */
  public static SqlLedger open(Database database, LedgerConfig config, InstantSource now) {
    try {
      Connection connection = database.connect(sync(config), config.busyTimeout());
      return open(database, connection, config.busyTimeout(), now);
    } catch (SQLException e) {
      throw new DatabaseException("The ledger cannot be opened: " + e.getMessage(), e);
    }
  }

  /** Opens it on a given connection, which is the ledger's from now on. */
  static SqlLedger open(
      Database database, Connection connection, Duration busyTimeout, InstantSource now) {
    try {
      FolderLock lock = FolderLock.ofServer(database.folder());
      try {
        Recovery.Outcome start = Recovery.run(database, now.instant());
        if (start.recovered() > 0) {
          log.warn("settled {} requests that an earlier process left open", start.recovered());
        }
        return new SqlLedger(lock, connection, busyTimeout, now, start);
      } catch (DatabaseException e) {
        lock.close();
        throw e;
      }
    } catch (DatabaseException e) {
      close(connection);
      throw e;
    }
  }

  static Database.Sync sync(LedgerConfig config) {
    return switch (config.durability()) {
      case STRICT -> Database.Sync.FULL;
      case PROCESS -> Database.Sync.NORMAL;
    };
  }

  @Override
  public void admit(Admission admission, Companion companion) {
    commit(new Admit(admission, companion));
  }

  @Override
  public void settle(Admission admission, Settlement settlement, Companion companion) {
    commit(new Settle(admission.requestId(), settlement, now.instant(), companion));
  }

  private void commit(GroupCommit.Entry entry) {
    try {
      writer.commit(entry);
    } catch (SQLException e) {
      SqlFailure failure = SqlFailure.of(e);
      log.error("the ledger refused {}: {}", entry, e.getMessage());
      throw failure == SqlFailure.CONSTRAINT ? defect(e) : unavailable(failure.text(), e);
    } catch (CompletionException e) {
      log.error("the ledger could not write {}", entry, e);
      throw defect(e);
    } catch (IllegalStateException e) {
      throw unavailable("it is closed, the server is stopping", e);
    }
  }

  private static ApiException unavailable(String why, Exception cause) {
    return new ApiException(
        ErrorCode.LEDGER_UNAVAILABLE,
        "The ledger cannot be written: " + why + ".",
        null,
        Duration.ofSeconds(1),
        cause);
  }

  private static ApiException defect(Exception cause) {
    return new ApiException(
        ErrorCode.INTERNAL_ERROR,
        "The ledger refused the row: it breaks a rule, such as one settlement a request.",
        null,
        null,
        cause);
  }

  private LedgerRows rows() {
    return Objects.requireNonNull(rows, "prepared before each group");
  }

  private final class Statements implements GroupCommit.Target {
    @Override
    public void prepare() throws SQLException {
      if (rows != null) {
        rows.close();
      }
      rows = new LedgerRows(connection);
      mark = committedMark;
      oldestOfGroup = Long.MAX_VALUE;
    }

    /**
     * Moves the mark, from which recovery looks for open admissions, so that a start after months
     * of work does not search months of rows.
     */
    @Override
    public void finish() throws SQLException {
      if (sinceMark >= MARK_EVERY) {
        sinceMark = 0;
        long oldest = open.values().stream().min(Comparator.naturalOrder()).orElse(newest);
        mark(Math.min(oldest, oldestOfGroup));
      }
      oldestOfGroup = Long.MAX_VALUE;
    }
  }

  private void mark(long admittedMicros) throws SQLException {
    rows().mark(admittedMicros);
    mark = admittedMicros;
  }

  /** A row of the ledger. */
  private interface Own {
    void write() throws SQLException;
  }

  /** Another row of the group may be committed with it: so a failure must leave no half. */
  private void together(Own own, Companion companion) throws SQLException {
    if (companion.equals(Companion.NONE)) {
      own.write();
      return;
    }
    Savepoint before = connection.setSavepoint();
    try {
      own.write();
      companion.write(session);
    } catch (RuntimeException e) {
      connection.rollback(before);
      throw e;
    }
  }

  private final class Admit implements GroupCommit.Entry {
    private final Admission admission;
    private final Companion companion;
    private final long micros;

    Admit(Admission admission, Companion companion) {
      this.admission = admission;
      this.companion = companion;
      this.micros = Row.micros(admission.admitted());
    }

    @Override
    public void write() throws SQLException {
      together(() -> rows().admission(admission), companion);
      oldestOfGroup = Math.min(oldestOfGroup, micros);
      if (micros < mark) {
        mark(micros); // it was overtaken, or the clock was set back
      }
    }

    @Override
    public void committed() {
      open.put(admission.requestId(), micros);
      openCount = open.size();
      committedMark = mark;
      newest = Math.max(newest, micros);
      sinceMark++;
    }

    @Override
    public String toString() {
      return "the admission of " + admission.requestId();
    }
  }

  private final class Settle implements GroupCommit.Entry {
    private final String requestId;
    private final Settlement settlement;
    private final Instant at;
    private final Companion companion;

    Settle(String requestId, Settlement settlement, Instant at, Companion companion) {
      this.requestId = requestId;
      this.settlement = settlement;
      this.at = at;
      this.companion = companion;
    }

    @Override
    public void write() throws SQLException {
      together(() -> rows().settlement(requestId, settlement, at), companion);
    }

    @Override
    public void committed() {
      open.remove(requestId);
      openCount = open.size();
    }

    @Override
    public String toString() {
      return "the settlement of " + requestId;
    }
  }

  /** What it did since it was opened. */
  public LedgerCounters counters() {
    return new LedgerCounters(
        writer.rows(), writer.commits(), writer.failures(), openCount, recovered);
  }

  /** Writes what waits, refuses what comes after, and frees the folder. */
  @Override
  public void close() {
    writer.close();
    close(connection);
    lock.close();
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      log.warn("the ledger's connection did not close", e);
    }
  }
}
