package dev.jubal.account.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jubal.platform.sql.Database;
import dev.jubal.testing.Stores;
import dev.jubal.testing.WholeLedger;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An upgrade taken back: this release on a schema that a later one changed as ADR 16 allows. */
final class LaterSchemaTest {
  private static final int REQUESTS = 60;
  private static final List<String> TABLES =
      List.of(
          "team",
          "api_key",
          "node",
          "ledger_admission",
          "ledger_settlement",
          "ledger_extension",
          "ledger_correction",
          "rollup_hour",
          "rollup_day",
          "rollup_end_user");

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void requestsAreSettledAndProved(Stores on) {
    try (Database database = on.open(folder)) {
      requests(database, "before");
      database.write(
          s ->
              s.update(
                  "INSERT INTO flyway_schema_history SELECT 99, '99', 'later', type,"
                      + " 'V99__later.sql', 1, installed_by, installed_on, 0, TRUE"
                      + " FROM flyway_schema_history WHERE installed_rank = 1"));
      for (String table : TABLES) {
        change(database, "ALTER TABLE " + table + " ADD COLUMN later_text TEXT");
        change(database, "ALTER TABLE " + table + " ADD COLUMN later_no BIGINT NOT NULL DEFAULT 0");
      }
      change(database, "CREATE TABLE later (id BIGINT NOT NULL PRIMARY KEY)");
      change(database, "DROP INDEX rollup_hour_project");
    }
    try (Database database = on.open(folder)) {
      requests(database, "after");
      WholeLedger.in(database);
      assertEquals(
          2L * REQUESTS,
          database
              .read(s -> s.first("SELECT COUNT(*) AS n FROM ledger_settlement", r -> r.whole("n")))
              .orElseThrow());
    }
  }

  private static void change(Database database, String sql) {
    database.write(s -> s.update(sql));
  }

  /** Some at once, so that rows go out in groups as well. */
  private static void requests(Database database, String name) {
    try (SqlLedger ledger =
            SqlLedger.open(database, LedgerConfig.STANDARD, InstantSource.system());
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < REQUESTS; i++) {
        Admission admission = LedgerRequests.admission(name + i);
        threads.execute(
            () -> {
              ledger.admit(admission);
              ledger.settle(admission, LedgerRequests.settlement(Usage.of(10, 2, 5)));
            });
      }
    }
  }
}
