package dev.jubal.account.ledger;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.nodes.Fence;
import dev.jubal.platform.nodes.Nodes;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.DatabaseException;
import dev.jubal.platform.sql.FolderLock;
import dev.jubal.platform.sql.OwnConnection;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger in the data folder's database, written by one thread in groups. Thread-safe; callers
 * block, so they should be virtual threads.
 *
 * <p>Holds the folder's server lock while open. A write that fails is never repeated for its
 * caller: a request whose row may be missing is closed by {@link #heal}, or by the next start.
 */
public final class SqlLedger implements Ledger, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SqlLedger.class);
  private static final int MARK_EVERY = 10_000;

  private final Database database;
  private final Nodes nodes;
  private final Fence fence;
  private final FolderLock lock;
  private final OwnConnection own;
  private final GroupCommit writer;
  private final InstantSource now;
  private final AtomicInteger recovered;
  // whose row failed to be written and may be there all the same, or not
  private final Set<String> doubtful = ConcurrentHashMap.newKeySet();
  // of the writer's thread: when the open requests of this process were admitted, in microseconds
  private final Map<String, Long> open = new HashMap<>();
  private @Nullable LedgerRows rows;
  private long mark;
  private long committedMark;
  private long newest;
  private long oldestOfGroup = Long.MAX_VALUE;
  private int sinceMark;
  // whether the group builds on what other nodes may have taken over
  private boolean builds;
  private volatile int openCount;

  private SqlLedger(
      Database database,
      FolderLock lock,
      OwnConnection own,
      Duration busyTimeout,
      InstantSource now,
      Recovery.Outcome start) {
    this.database = database;
    this.nodes = new Nodes(database, now);
    this.fence = Fence.of(database);
    this.lock = lock;
    this.own = own;
    this.now = now;
    this.recovered = new AtomicInteger(start.recovered());
    this.mark = start.mark();
    this.committedMark = start.mark();
    this.newest = start.mark();
    this.writer = new GroupCommit(own, busyTimeout, new Statements());
  }

  /**
   * Opens the ledger and settles what an earlier process left open.
   *
   * @throws DatabaseException when another server runs on the folder, or it cannot be written
   */
  public static SqlLedger open(Database database, LedgerConfig config, InstantSource now) {
    try {
      OwnConnection own = database.own(sync(config), config.busyTimeout());
      return open(database, own, config.busyTimeout(), now);
    } catch (SQLException e) {
      throw new DatabaseException("The ledger cannot be opened: " + e.getMessage(), e);
    }
  }

  /** Opens it on a given connection, which is the ledger's from now on. */
  static SqlLedger open(
      Database database, OwnConnection own, Duration busyTimeout, InstantSource now) {
    try {
      FolderLock lock = FolderLock.ofServer(database.folder());
      try {
        Recovery.Outcome start = Recovery.run(database, new Nodes(database, now), now.instant());
        if (start.recovered() > 0) {
          log.warn("settled {} requests that an earlier process left open", start.recovered());
        }
        return new SqlLedger(database, lock, own, busyTimeout, now, start);
      } catch (DatabaseException e) {
        lock.close();
        throw e;
      }
    } catch (DatabaseException e) {
      close(own);
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
    commit(admission.requestId(), new Admit(admission, companion));
  }

  @Override
  public void settle(Admission admission, Settlement settlement, Companion companion) {
    commit(admission.requestId(), new Settle(admission, settlement, now.instant(), companion));
  }

  @Override
  public void extend(String requestId, long reservedTicks) {
    commit(requestId, new Extend(this, requestId, reservedTicks));
  }

  private void commit(String requestId, GroupCommit.Entry entry) {
    try {
      writer.commit(entry);
    } catch (SQLException e) {
      SqlFailure failure = SqlFailure.of(e);
      log.error("the ledger refused {}: {}", entry, e.getMessage());
      if (failure != SqlFailure.CONSTRAINT && !(entry instanceof Extend)) {
        doubtful.add(requestId);
      }
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
    public void prepare(Connection connection) throws SQLException {
      if (rows != null) {
        closed(rows);
      }
      rows = new LedgerRows(connection, nodes.own(), nodes.shared());
      mark = committedMark;
      oldestOfGroup = Long.MAX_VALUE;
      builds = false;
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
      rows().flush();
      rows().rollups().flush();
      if (builds && nodes.shared()) {
        stillOwn();
      }
      builds = false;
    }

    private void stillOwn() throws SQLException {
      try {
        if (fence.holds(Session.on(own.get())).isPresent()) {
          return;
        }
      } catch (DatabaseException e) {
        throw e.getCause() instanceof SQLException cause ? cause : new SQLException(e);
      }
      throw new SQLException("this node was silent for too long, and others took over");
    }

    private void closed(LedgerRows before) {
      try {
        before.close();
      } catch (SQLException e) {
        log.debug("statements of a lost connection", e);
      }
    }
  }

  private void mark(long admittedMicros) throws SQLException {
    rows().mark(admittedMicros);
    mark = admittedMicros;
  }

  /** A row of the ledger. */
  private interface Own {
    void write(boolean atOnce) throws SQLException;
  }

  /** Another row of the group may be committed with it: so a failure must leave no half. */
  private void together(Own row, Companion companion) throws SQLException {
    if (companion.equals(Companion.NONE)) {
      row.write(false);
      return;
    }
    Connection connection = own.get();
    Savepoint before = connection.setSavepoint();
    try {
      row.write(true);
      companion.write(Session.on(connection));
    } catch (RuntimeException e) {
      connection.rollback(before);
      if (e.getCause() instanceof SQLException cause
          && SqlFailure.of(cause) != SqlFailure.CONSTRAINT) {
        throw cause; // it is the database that fails, not this row
      }
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
      builds = true;
      together(atOnce -> rows().admission(admission, atOnce), companion);
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
    private final Admission admission;
    private final Settlement settlement;
    private final Instant at;
    private final Companion companion;

    Settle(Admission admission, Settlement settlement, Instant at, Companion companion) {
      this.admission = admission;
      this.settlement = settlement;
      this.at = at;
      this.companion = companion;
    }

    @Override
    public void write() throws SQLException {
      together(
          atOnce -> rows().settlement(admission.requestId(), settlement, at, atOnce), companion);
      rows().rollups().add(admission, settlement);
    }

    @Override
    public void committed() {
      open.remove(admission.requestId());
      openCount = open.size();
    }

    @Override
    public String toString() {
      return "the settlement of " + admission.requestId();
    }
  }

  private record Extend(SqlLedger ledger, String requestId, long ticks)
      implements GroupCommit.Entry {
    @Override
    public void write() throws SQLException {
      ledger.builds = true;
      ledger.rows().extension(requestId, ticks);
    }

    @Override
    public void committed() {}

    @Override
    public String toString() {
      return "the extension of " + requestId;
    }
  }

  /** Closes requests whose own row was lost, on the writer's thread. */
  private final class Heal implements GroupCommit.Entry {
    private final List<String> ids;

    Heal(List<String> ids) {
      this.ids = ids;
    }

    @Override
    public void write() throws SQLException {
      int closed = Recovery.of(Session.on(own.get()), nodes.shared(), ids, now.instant());
      recovered.addAndGet(closed);
      if (closed > 0) {
        log.warn("settled {} requests whose own settlement could not be written", closed);
      }
    }

    @Override
    public void committed() {
      ids.forEach(open::remove);
      openCount = open.size();
      ids.forEach(doubtful::remove);
    }

    @Override
    public String toString() {
      return "the settlement of lost requests";
    }
  }

  /**
   * Says that this node lives, and closes what no one will settle any more: requests whose row was
   * lost in an outage, and those of nodes that are gone. To be called every few seconds.
   */
  public void heal() {
    try {
      nodes.beat();
      List<String> ids = List.copyOf(doubtful);
      if (!ids.isEmpty()) {
        writer.commit(new Heal(ids));
      }
      int left = nodes.shared() ? Recovery.ofGone(database, nodes, now.instant()) : 0;
      if (left > 0) {
        recovered.addAndGet(left);
        log.warn("settled {} requests of nodes that are gone", left);
      }
    } catch (SQLException | DatabaseException e) {
      log.warn("the ledger could not be looked through, and will be again: {}", e.getMessage());
    } catch (IllegalStateException e) {
      log.debug("the ledger is closed", e);
    }
  }

  /** What keeps this node from going on with what others took over. */
  public Fence fence() {
    return fence;
  }

  /** Whether of every row it is known that it was written, or that it never will be. */
  public boolean certain() {
    return doubtful.isEmpty();
  }

  /** What it did since it was opened. */
  public LedgerCounters counters() {
    return new LedgerCounters(
        writer.rows(), writer.commits(), writer.failures(), openCount, recovered.get());
  }

  /** Writes what waits, refuses what comes after, and frees the folder. */
  @Override
  public void close() {
    writer.close();
    leave();
    close(own);
    lock.close();
  }

  private void leave() {
    try {
      nodes.leave();
    } catch (DatabaseException e) {
      log.warn("the other nodes will wait until this one is silent for long: {}", e.getMessage());
    }
  }

  private static void close(OwnConnection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      log.warn("the ledger's connection did not close", e);
    }
  }
}
