package dev.jubal.account.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jubal.account.Principal;
import dev.jubal.platform.sql.Database;
import dev.jubal.testing.Stores;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What the proof of the ledger finds when it is read in small parts, over days with gaps. */
@ParameterizedClass
@EnumSource(Stores.class)
final class LedgerCheckTest {
  private static final int REQUESTS = 40;
  private static final long PART = 7;

  @Parameter private Stores on = Stores.SQLITE;

  @TempDir Path folder;
  private Database database;

  @BeforeEach
  void fill() {
    database = on.open(folder);
    try (SqlLedger ledger =
        SqlLedger.open(database, LedgerConfig.STANDARD, InstantSource.system())) {
      for (int i = 0; i < REQUESTS; i++) {
        Admission admission = admission(i);
        ledger.admit(admission);
        ledger.settle(admission, LedgerRequests.settlement(Usage.of(10 + i, i, 5)));
      }
      ledger.admit(admission(REQUESTS)); // open
    }
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static Admission admission(int i) {
    Admission a = LedgerRequests.admission("r%03d".formatted(i));
    Principal who =
        new Principal("key-" + i % 3, "ci", "xai-...", "user", "team-" + i % 2, List.of());
    return new Admission(
        a.requestId(),
        Optional.empty(),
        who,
        a.endpoint(),
        a.modelAsked(),
        a.modelResolved(),
        a.backend(),
        a.price(),
        a.stream(),
        LedgerRequests.START.plus(Duration.ofHours(i * 17L)),
        new Admission.Reserved(i % 4 == 0 ? Optional.of("u") : Optional.empty(), 0, 0));
  }

  private Map<String, Long> wrong() {
    Map<String, Long> found = new TreeMap<>();
    for (LedgerCheck.Finding f : new LedgerCheck(database, step -> {}, PART).run()) {
      if (f.wrong() > 0) {
        found.put(f.what(), f.wrong());
      }
    }
    return found;
  }

  private void change(String sql) {
    database.write(s -> s.update(sql));
  }

  @Test
  void aWholeLedgerHasNothingWrong() {
    assertEquals(Map.of(), wrong());
    LedgerCheck.Finding admitted =
        new LedgerCheck(database, step -> {}, PART)
            .run().stream()
                .filter(f -> f.what().equals("admissions, 1 of them open"))
                .findFirst()
                .orElseThrow();
    assertEquals(REQUESTS + 1L, admitted.rows());
  }

  @Test
  void anEmptyLedgerIsProvedToo() {
    try (Database empty = on.open(folder.resolve("empty"))) {
      assertEquals(
          0, new LedgerCheck(empty).run().stream().mapToLong(LedgerCheck.Finding::wrong).sum());
    }
  }

  @Test
  void aWrongCostIsFoundInTheRowAndInItsSums() {
    change("UPDATE ledger_settlement SET cost_ticks = cost_ticks + 1 WHERE request_id = 'r020'");
    assertEquals(
        Map.of("costs are price times usage", 1L, "sums by hour", 1L, "sums by end user", 1L),
        wrong());
  }

  @Test
  void aSumThatIsOffByATickIsFound() {
    change("UPDATE rollup_day SET cost_ticks = cost_ticks - 1 WHERE key_id = 'key-1'");
    long days = 0;
    for (int i = 1; i < REQUESTS; i += 3) {
      days++; // 17 hours apart and told apart by team: no two of a key share a day's sum
    }
    assertEquals(Map.of("sums by day", days), wrong());
  }

  @Test
  void aSumTooManyAndASumTooFewAreFound() {
    change(
        "UPDATE rollup_hour SET start_us = start_us + 3600000000 WHERE key_id = 'key-2'"
            + " AND start_us = (SELECT MIN(start_us) FROM rollup_hour WHERE key_id = 'key-2')");
    assertEquals(Map.of("sums by hour", 2L), wrong());
    change("DELETE FROM rollup_end_user");
    assertEquals(2, wrong().size());
  }
}
