package dev.jubal.account.ledger;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.DatabaseException;
import dev.jubal.platform.sql.FolderLock;
import dev.jubal.platform.sql.SqlFailure;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
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
  private final InstantSource now;
  private final int recovered;
  // of the writer's thread: admissions of this process that are open, oldest first
  private final Map<String, Long> open = new LinkedHashMap<>();
  private @Nullable LedgerRows rows;
  private long nextSeq;
  private long marked;
  private long settledBelow;
  private volatile int openCount;

  private SqlLedger(
      FolderLock lock, Connection connection, InstantSource now, Recovery.Outcome start) {
    this.lock = lock;
    this.connection = connection;
    this.now = now;
    this.recovered = start.recovered();
    this.nextSeq = start.nextSeq();
    this.marked = start.nextSeq();
    this.settledBelow = start.nextSeq();
    this.writer = new GroupCommit(connection, new Statements());
  }

  /**
   * Opens the ledger and settles what an earlier process left open.
   *
   * @throws DatabaseException when another server runs on the folder, or it cannot be written
   */
  public static SqlLedger open(Database database, LedgerConfig config, InstantSource now) {
    try {
      return open(database, database.connect(sync(config), config.busyTimeout()), now);
    } catch (SQLException e) {
      throw new DatabaseException("The ledger cannot be opened: " + e.getMessage(), e);
    }
  }

  /** Opens it on a given connection, which is the ledger's from now on. */
  static SqlLedger open(Database database, Connection connection, InstantSource now) {
    try {
      FolderLock lock = FolderLock.ofServer(database.folder());
      try {
        Recovery.Outcome start = Recovery.run(database, now.instant());
        if (start.recovered() > 0) {
          log.warn("settled {} requests that an earlier process left open", start.recovered());
        }
        return new SqlLedger(lock, connection, now, start);
      } catch (DatabaseException e) {
        lock.close();
        throw e;
      }
    } catch (DatabaseException e) {
      close(connection);
      throw e;
    }
  }

  private static Database.Sync sync(LedgerConfig config) {
    return switch (config.durability()) {
      case STRICT -> Database.Sync.FULL;
      case PROCESS -> Database.Sync.NORMAL;
    };
  }

  @Override
  public void admit(Admission admission) {
    commit(new Admit(admission));
  }

  @Override
  public void settle(Admission admission, Settlement settlement) {
    commit(new Settle(admission.requestId(), settlement, now.instant()));
  }

  private void commit(GroupCommit.Entry entry) {
    try {
      writer.commit(entry);
    } catch (SQLException e) {
      SqlFailure failure = SqlFailure.of(e);
      log.error("the ledger refused {}", entry, e);
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
    }

    /**
     * Writes where recovery has to start, now and then, so that a start after months of work does
     * not search months of rows. Runs in a group's transaction and knows the groups before it.
     */
    @Override
    public void finish() throws SQLException {
      if (nextSeq - marked >= MARK_EVERY) {
        rows().mark(settledBelow);
        marked = nextSeq;
      }
    }
  }

  private void stillOpen() {
    settledBelow = open.isEmpty() ? nextSeq : open.values().iterator().next();
    openCount = open.size();
  }

  private final class Admit implements GroupCommit.Entry {
    private final Admission admission;
    private long seq;

    Admit(Admission admission) {
      this.admission = admission;
    }

    @Override
    public void write() throws SQLException {
      seq = nextSeq++;
      rows().admission(admission, seq);
    }

    @Override
    public void committed() {
      open.put(admission.requestId(), seq);
      stillOpen();
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

    Settle(String requestId, Settlement settlement, Instant at) {
      this.requestId = requestId;
      this.settlement = settlement;
      this.at = at;
    }

    @Override
    public void write() throws SQLException {
      rows().settlement(requestId, settlement, at);
    }

    @Override
    public void committed() {
      open.remove(requestId);
      stillOpen();
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
