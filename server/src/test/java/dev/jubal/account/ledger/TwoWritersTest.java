package dev.jubal.account.ledger;

import static dev.jubal.account.ledger.LedgerRequests.START;
import static dev.jubal.account.ledger.LedgerRequests.settlement;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jubal.account.Principal;
import dev.jubal.account.price.Repricing;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.DatabaseConfig;
import dev.jubal.testing.Postgres;
import dev.jubal.testing.WholeLedger;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several nodes write the same sums at once: none waits for another in a circle. */
final class TwoWritersTest {
  private static final InstantSource CLOCK = InstantSource.fixed(START.plusSeconds(7));
  private static final int EACH = 40;

  @TempDir Path folder;

  @Test
  void sumsThatAllWriteNeverDeadlock() throws Exception {
    long seed = System.nanoTime();
    System.out.println("TwoWritersTest seed " + seed);
    DatabaseConfig shared = Postgres.shared().migrated();
    try (Database one = Database.open(folder.resolve("one"), shared);
        Database two = Database.open(folder.resolve("two"), shared);
        SqlLedger first = SqlLedger.open(one, LedgerConfig.STANDARD, CLOCK);
        SqlLedger second = SqlLedger.open(two, LedgerConfig.STANDARD, CLOCK)) {
      List<Future<Integer>> all = new ArrayList<>();
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int w = 0; w < 64; w++) {
          SqlLedger ledger = w % 2 == 0 ? first : second;
          Random random = new Random(seed + w);
          String name = "w" + w + "-";
          all.add(threads.submit(() -> write(ledger, name, random)));
        }
      }
      int rows = 0;
      for (Future<Integer> done : all) {
        rows += done.get(); // a deadlock's victim fails here
      }
      assertEquals(64 * EACH, rows);
      assertEquals(0, first.counters().failures() + second.counters().failures());
      WholeLedger.in(one);
    }
  }

  @Test
  void correctionsBesideThemNeverLoseARow() throws Exception {
    long seed = System.nanoTime();
    System.out.println("TwoWritersTest seed " + seed);
    DatabaseConfig shared = Postgres.shared().migrated();
    try (Database one = Database.open(folder.resolve("one"), shared);
        Database two = Database.open(folder.resolve("two"), shared);
        SqlLedger ledger = SqlLedger.open(one, LedgerConfig.STANDARD, CLOCK);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> writers = new ArrayList<>();
      for (int w = 0; w < 32; w++) {
        Random random = new Random(seed + w);
        String name = "w" + w + "-";
        writers.add(threads.submit(() -> write(ledger, name, random)));
      }
      Future<?> beside = threads.submit(() -> correct(two, writers));
      for (Future<Integer> writer : writers) {
        assertEquals(EACH, writer.get()); // a deadlock's victim fails here
      }
      beside.get();
      assertEquals(0, ledger.counters().failures());
      WholeLedger.in(one);
    }
  }

  /** Corrects all rows again and again, to one price and back, until the writers are done. */
  private static void correct(Database database, List<Future<Integer>> writers) {
    Price twice = LedgerRequests.PRICE.share(2_000_000, "the right one");
    for (int i = 0; !writers.stream().allMatch(Future::isDone) || i % 2 == 1; i++) {
      var _ =
          new Repricing(database, CLOCK)
              .run(
                  new Repricing.Order(
                      "grok-3-mini",
                      START.minusSeconds(60),
                      START.plusSeconds(60),
                      List.of(i % 2 == 0 ? twice : LedgerRequests.PRICE),
                      List.of(),
                      "wrong",
                      false));
    }
  }

  /** Of few keys and end users, in any order. */
  private static int write(SqlLedger ledger, String name, Random random) {
    for (int i = 0; i < EACH; i++) {
      String key = "key-" + random.nextInt(8);
      Admission a =
          new Admission(
              name + i,
              Optional.empty(),
              new Principal(key, key, "xai-...abcd", "user-1", "team-1", List.of()),
              "chat",
              "grok-3-mini",
              "grok-3-mini",
              "scripted",
              LedgerRequests.PRICE,
              false,
              START,
              new Admission.Reserved(Optional.of("end-user-" + random.nextInt(8)), 0, 0));
      ledger.admit(a);
      ledger.settle(a, settlement(LedgerRequests.usage(random)));
    }
    return EACH;
  }
}
