package dev.jubal.account.ledger;

import static dev.jubal.account.ledger.LedgerRequests.START;
import static dev.jubal.account.ledger.LedgerRequests.admission;
import static dev.jubal.account.ledger.LedgerRequests.settlement;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.OwnConnection;
import dev.jubal.platform.sql.Transactions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk is full, the file is locked, one row is poisoned. */
final class LedgerFailureTest {
  private static final InstantSource CLOCK = InstantSource.fixed(START);

  private static final Duration BUSY = Duration.ofMillis(200);

  @TempDir Path folder;
  private Database database;
  private Connection connection;
  private SqlLedger ledger;
  private LedgerReader reader;

  @BeforeEach
  void open() throws SQLException {
    database = Database.open(folder);
    connection = database.connect(Database.Sync.FULL, BUSY);
    ledger = SqlLedger.open(database, OwnConnection.of(connection), BUSY, CLOCK);
    reader = new LedgerReader(database);
  }

  @AfterEach
  void close() {
    ledger.close();
    database.close();
  }

  @Test
  void aFullDiskRefusesAndLosesNothingThatWasAcknowledged() throws Exception {
    pragma("max_page_count = " + (pragma("page_count") + 20));
    List<String> acknowledged = new ArrayList<>();
    List<ApiException> refused = new ArrayList<>();
    for (List<String> crowd = crowd(0); refused.isEmpty(); crowd = crowd(acknowledged.size())) {
      admitAll(crowd, acknowledged, refused);
    }
    for (ApiException e : refused) {
      assertEquals(ErrorCode.LEDGER_UNAVAILABLE, e.code());
      assertTrue(e.text().contains("full"), e.text());
    }
    assertTrue(acknowledged.size() > 20, "only " + acknowledged.size());
    for (String id : acknowledged) {
      assertTrue(reader.find(id).isPresent(), id);
    }
    assertEquals(acknowledged.size(), reader.sums(Instant.EPOCH, START.plusSeconds(1)).admitted());

    pragma("max_page_count = 1000000");
    ledger.admit(admission("after"));
    ledger.settle(admission("after"), settlement(Usage.of(1, 0, 1)));
    assertTrue(reader.find("after").orElseThrow().settled().isPresent());
  }

  private static List<String> crowd(int from) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      ids.add("r" + (from + i));
    }
    return ids;
  }

  private void admitAll(List<String> ids, List<String> acknowledged, List<ApiException> refused)
      throws Exception {
    List<Future<Optional<ApiException>>> results = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (String id : ids) {
        results.add(threads.submit(() -> admit(id)));
      }
    }
    for (int i = 0; i < ids.size(); i++) {
      Optional<ApiException> refusal = results.get(i).get();
      refusal.ifPresent(refused::add);
      if (refusal.isEmpty()) {
        acknowledged.add(ids.get(i));
      }
    }
  }

  private Optional<ApiException> admit(String id) {
    try {
      ledger.admit(admission(id));
      return Optional.empty();
    } catch (ApiException e) {
      return Optional.of(e);
    }
  }

  @Test
  void aSettlementOnAFullDiskIsLeftToRecovery() throws Exception {
    int admitted = 300;
    for (int i = 0; i < admitted; i++) {
      ledger.admit(admission("r" + i));
    }
    pragma("max_page_count = " + pragma("page_count"));
    int settledNow = 0;
    Optional<ApiException> refused = settle("r0");
    while (refused.isEmpty()) {
      settledNow++;
      refused = settle("r" + settledNow);
    }
    assertEquals(ErrorCode.LEDGER_UNAVAILABLE, refused.get().code());
    ledger.close();
    ledger = SqlLedger.open(database, LedgerConfig.STANDARD, CLOCK);
    assertEquals(admitted - settledNow, ledger.counters().recovered());
    assertEquals(0, reader.sums(Instant.EPOCH, START.plusSeconds(1)).open());
  }

  private Optional<ApiException> settle(String id) {
    try {
      ledger.settle(admission(id), settlement(Usage.of(1, 0, 1)));
      return Optional.empty();
    } catch (ApiException e) {
      return Optional.of(e);
    }
  }

  @Test
  void aLockedFileIsA503AfterTheBusyTimeout() throws Exception {
    try (Connection other = database.connect(Database.Sync.FULL, Duration.ZERO)) {
      Transactions.begin(other, Duration.ZERO);
      ApiException refused = assertThrows(ApiException.class, () -> ledger.admit(admission("r1")));
      assertEquals(ErrorCode.LEDGER_UNAVAILABLE, refused.code());
      assertTrue(refused.text().contains("locked"), refused.text());
      Transactions.rollback(other);
    }
    ledger.admit(admission("r1"));
    assertTrue(reader.find("r1").isPresent());
  }

  @Test
  void aRowThatEndsTheTransactionTakesNoneWithIt() throws Exception {
    // larger than SQLite's limit for a value on this connection: not a rule of the schema
    List<String> ids = crowd(0);
    pragmaLimit();
    List<Future<Optional<ApiException>>> results = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < ids.size(); i++) {
        String id = i % 8 == 0 ? ids.get(i) + "x".repeat(20_000) : ids.get(i);
        results.add(threads.submit(() -> admit(id)));
      }
    }
    for (int i = 0; i < ids.size(); i++) {
      assertEquals(i % 8 == 0, results.get(i).get().isPresent(), ids.get(i));
      assertEquals(i % 8 != 0, reader.find(ids.get(i)).isPresent(), ids.get(i));
    }
  }

  private void pragmaLimit() throws SQLException {
    connection
        .unwrap(org.sqlite.SQLiteConnection.class)
        .setLimit(org.sqlite.SQLiteLimits.SQLITE_LIMIT_LENGTH, 10_000);
  }

  @Test
  void durabilityIsTheConnectionsSynchronousMode() throws Exception {
    assertEquals(2, pragma("synchronous"));
    try (Connection process = database.connect(Database.Sync.NORMAL, Duration.ZERO);
        Statement statement = process.createStatement();
        ResultSet result = statement.executeQuery("PRAGMA synchronous")) {
      assertTrue(result.next());
      assertEquals(1, result.getInt(1));
    }
  }

  /** Sets or reads a pragma of the ledger's connection while its writer is idle. */
  private long pragma(String what) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("PRAGMA " + what)) {
      return result.next() ? result.getLong(1) : 0;
    }
  }
}
