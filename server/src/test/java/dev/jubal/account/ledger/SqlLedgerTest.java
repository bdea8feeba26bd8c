package dev.jubal.account.ledger;

import static dev.jubal.account.ledger.LedgerRequests.START;
import static dev.jubal.account.ledger.LedgerRequests.admission;
import static dev.jubal.account.ledger.LedgerRequests.failed;
import static dev.jubal.account.ledger.LedgerRequests.settlement;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.config.ConfigReader;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.DatabaseException;
import dev.jubal.testing.Stores;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Stores.class)
final class SqlLedgerTest {
  @Parameter private Stores on = Stores.SQLITE;

  private static final InstantSource CLOCK = InstantSource.fixed(START.plusSeconds(7));

  @TempDir Path folder;
  private Database database;
  private SqlLedger ledger;
  private LedgerReader reader;

  @BeforeEach
  void open() {
    database = on.open(folder);
    ledger = SqlLedger.open(database, LedgerConfig.STANDARD, CLOCK);
    reader = new LedgerReader(database);
  }

  @AfterEach
  void close() {
    ledger.close();
    database.close();
  }

  @Test
  void everyColumnComesBack() {
    Admission admission = admission("r1");
    ledger.admit(admission);
    LedgerRow running = reader.find("r1").orElseThrow();
    assertEquals(Optional.empty(), running.settled());
    assertEquals(Optional.of("client-r1"), running.clientRequestId());
    assertEquals(new LedgerRow.Owner("key-1", "user-1", "team-1"), running.owner());
    assertEquals("chat", running.endpoint());
    assertEquals("grok-3-mini-latest", running.modelAsked());
    assertEquals("grok-3-mini", running.modelResolved());
    assertEquals("llama/smollm2-135m-instruct", running.backend());
    assertEquals(LedgerRequests.PRICE, running.price());
    assertTrue(running.stream());
    assertEquals(START, running.admitted());

    Settlement settlement = settlement(new Usage(12, 11, 3, 1, 290));
    assertEquals(1_466_250, settlement.costTicks());
    ledger.settle(admission, settlement);
    LedgerRow row = reader.find("r1").orElseThrow();
    assertEquals(
        Optional.of(new LedgerRow.Settled(settlement, false, START.plusSeconds(7))), row.settled());
    assertEquals(settlement.costTicks(), row.price().cost(settlement.usage()));
  }

  @Test
  void aFailureIsASettlementToo() {
    ledger.admit(admission("r1"));
    ledger.settle(admission("r1"), failed(499, "client_closed_request"));
    Settlement found = reader.find("r1").orElseThrow().settled().orElseThrow().settlement();
    assertEquals(failed(499, "client_closed_request"), found);
  }

  @Test
  void aSecondSettlementIsRefusedAndChangesNothing() {
    ledger.admit(admission("r1"));
    ledger.settle(admission("r1"), settlement(Usage.of(10, 0, 5)));
    ApiException refused = refusal(() -> ledger.settle(admission("r1"), failed(500, "x")));
    assertEquals(ErrorCode.INTERNAL_ERROR, refused.code());
    assertEquals(
        settlement(Usage.of(10, 0, 5)),
        reader.find("r1").orElseThrow().settled().orElseThrow().settlement());
    assertEquals(ErrorCode.INTERNAL_ERROR, refusal(() -> ledger.admit(admission("r1"))).code());
  }

  @Test
  void aSettlementNeedsAnAdmission() {
    assertEquals(
        ErrorCode.INTERNAL_ERROR,
        refusal(() -> ledger.settle(admission("r1"), failed(500, "x"))).code());
    assertEquals(Optional.empty(), reader.find("r1"));
  }

  @Test
  void crowdsShareCommitsAndEveryRequestHasOneRow() throws Exception {
    long seed = System.nanoTime();
    System.out.println("SqlLedgerTest seed " + seed);
    long waiters = 256;
    int each = 20;
    List<Future<Usage>> results = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int w = 0; w < waiters; w++) {
        Random random = new Random(seed + w);
        String name = "w" + w + "-";
        results.add(threads.submit(() -> requests(name, each, random)));
      }
    }
    Usage sum = Usage.NONE;
    long cost = 0;
    for (Future<Usage> result : results) {
      sum = plus(sum, result.get());
    }
    for (LedgerRow row : reader.between(Instant.EPOCH, START.plusSeconds(1), 100_000)) {
      Settlement settlement = row.settled().orElseThrow().settlement();
      assertEquals(row.price().cost(settlement.usage()), settlement.costTicks());
      cost += settlement.costTicks();
    }
    LedgerSums sums = reader.sums(Instant.EPOCH, START.plusSeconds(1));
    assertEquals(new LedgerSums(waiters * each, waiters * each, 0, sum, cost, 0), sums);
    LedgerCounters counters = ledger.counters();
    assertEquals(2L * waiters * each, counters.rows());
    assertEquals(0, counters.open());
    assertTrue(counters.commits() * 4 < counters.rows(), "no groups: " + counters);
  }

  private Usage requests(String name, int count, Random random) {
    Usage sum = Usage.NONE;
    for (int i = 0; i < count; i++) {
      Admission admission = admission(name + i);
      Usage usage = LedgerRequests.usage(random);
      ledger.admit(admission);
      ledger.settle(admission, settlement(usage));
      sum = plus(sum, usage);
    }
    return sum;
  }

  private static Usage plus(Usage a, Usage b) {
    return new Usage(
        a.prompt() + b.prompt(),
        a.cached() + b.cached(),
        a.image() + b.image(),
        a.completion() + b.completion(),
        a.reasoning() + b.reasoning());
  }

  @Test
  void racingSettlementsLeaveExactlyOne() throws Exception {
    int rivals = 16;
    for (int r = 0; r < 20; r++) {
      Admission admission = admission("r" + r);
      ledger.admit(admission);
      AtomicInteger won = new AtomicInteger();
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < rivals; i++) {
          Settlement mine = settlement(Usage.of(i, 0, i));
          threads.execute(
              () -> {
                try {
                  ledger.settle(admission, mine);
                  won.incrementAndGet();
                } catch (ApiException lost) {
                  assertEquals(ErrorCode.INTERNAL_ERROR, lost.code());
                }
              });
        }
      }
      assertEquals(1, won.get());
    }
    assertEquals(20, reader.sums(Instant.EPOCH, START.plusSeconds(1)).settled());
  }

  @Test
  void aPoisonedRowTakesNoneOfItsGroupWithIt() throws Exception {
    List<Future<Boolean>> results = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      ledger.admit(admission("r" + i));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 400; i++) {
        int n = i;
        // status 42 breaks a CHECK, a cost below zero another
        Settlement settlement = n % 10 == 0 ? failed(42, "poison") : settlement(Usage.of(n, 0, 1));
        results.add(threads.submit(() -> settled(admission("r" + n), settlement)));
      }
    }
    for (int i = 0; i < 400; i++) {
      assertEquals(i % 10 != 0, results.get(i).get(), "r" + i);
      assertEquals(i % 10 != 0, reader.find("r" + i).orElseThrow().settled().isPresent());
    }
  }

  private boolean settled(Admission admission, Settlement settlement) {
    try {
      ledger.settle(admission, settlement);
      return true;
    } catch (ApiException e) {
      return false;
    }
  }

  @Test
  void aClosedLedgerRefuses() {
    ledger.admit(admission("r1"));
    ledger.close();
    ApiException refused = refusal(() -> ledger.settle(admission("r1"), failed(500, "x")));
    assertEquals(ErrorCode.LEDGER_UNAVAILABLE, refused.code());
    assertTrue(refused.text().contains("closed"), refused.text());
    assertEquals(ErrorCode.LEDGER_UNAVAILABLE, refusal(() -> ledger.admit(admission("r2"))).code());
  }

  @Test
  void recoveryClosesWhatTheLastProcessLeft() {
    for (String id : List.of("done", "lost1", "lost2")) {
      ledger.admit(admission(id));
    }
    ledger.settle(admission("done"), settlement(Usage.of(10, 0, 5)));
    ledger.close();

    ledger = SqlLedger.open(database, LedgerConfig.STANDARD, CLOCK);
    assertEquals(2, ledger.counters().recovered());
    LedgerRow.Settled lost = reader.find("lost1").orElseThrow().settled().orElseThrow();
    assertTrue(lost.recovered());
    assertEquals(500, lost.settlement().status());
    assertEquals(Optional.of("recovered"), lost.settlement().errorType());
    assertEquals(0, lost.settlement().costTicks());
    assertEquals(START.plusSeconds(7), lost.at());
    assertFalse(reader.find("done").orElseThrow().settled().orElseThrow().recovered());

    ledger.admit(admission("mine"));
    assertEquals(Optional.empty(), reader.find("mine").orElseThrow().settled());
    ledger.settle(admission("mine"), settlement(Usage.of(1, 0, 1)));
    ledger.close();
    ledger = SqlLedger.open(database, LedgerConfig.STANDARD, CLOCK);
    assertEquals(0, ledger.counters().recovered());
  }

  @Test
  void recoveryFindsRequestsOlderThanItsMark() {
    // more requests than the mark is apart, one of them open, the clock set back in between
    ledger.admit(at("old", START.minusSeconds(1)));
    for (int i = 0; i < 60; i++) {
      crowd("r" + i + "-", START.plusSeconds(i));
    }
    ledger.admit(at("set back", START.minusSeconds(1000)));
    ledger.close();
    ledger = SqlLedger.open(database, LedgerConfig.STANDARD, CLOCK);
    assertEquals(2, ledger.counters().recovered());
    assertTrue(reader.find("old").orElseThrow().settled().orElseThrow().recovered());
    assertTrue(reader.find("set back").orElseThrow().settled().orElseThrow().recovered());
  }

  private void crowd(String name, Instant time) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 400; i++) {
        Admission admission = at(name + i, time);
        threads.execute(
            () -> {
              ledger.admit(admission);
              ledger.settle(admission, settlement(Usage.NONE));
            });
      }
    }
  }

  private static Admission at(String id, Instant time) {
    Admission a = admission(id);
    return new Admission(
        id,
        a.clientRequestId(),
        a.principal(),
        a.endpoint(),
        a.modelAsked(),
        a.modelResolved(),
        a.backend(),
        a.price(),
        a.stream(),
        time);
  }

  @Test
  void twoServersNeverShareAFolder() {
    DatabaseException refused =
        assertThrows(
            DatabaseException.class,
            () -> SqlLedger.open(database, LedgerConfig.STANDARD, CLOCK).close());
    assertTrue(
        String.valueOf(refused.getMessage()).contains("in use by another"), refused::getMessage);
    ledger.admit(admission("still works"));
    ledger.close();
    ledger = SqlLedger.open(database, LedgerConfig.STANDARD, CLOCK);
  }

  @Test
  void theConfigurationNamesBothDurabilities() {
    assertEquals(
        LedgerConfig.STANDARD, ConfigReader.read(LedgerConfig.class, Map.of(), Map.of(), Map.of()));
    LedgerConfig process =
        ConfigReader.read(LedgerConfig.class, Map.of("durability", "process"), Map.of(), Map.of());
    assertEquals(Database.Sync.FULL, SqlLedger.sync(LedgerConfig.STANDARD));
    assertEquals(Database.Sync.NORMAL, SqlLedger.sync(process));
  }

  @Test
  void processDurabilityWorksTheSame() {
    ledger.close();
    ledger =
        SqlLedger.open(
            database,
            new LedgerConfig(LedgerConfig.Durability.PROCESS, Duration.ofSeconds(5)),
            CLOCK);
    ledger.admit(admission("r1"));
    ledger.settle(admission("r1"), settlement(Usage.of(1, 0, 1)));
    assertTrue(reader.find("r1").orElseThrow().settled().isPresent());
  }

  private static ApiException refusal(Runnable work) {
    return assertThrows(ApiException.class, work::run);
  }
}
