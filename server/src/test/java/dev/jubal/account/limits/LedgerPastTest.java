package dev.jubal.account.limits;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.platform.sql.Database;
import dev.jubal.testing.Stores;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How what was used before is found. */
class LedgerPastTest {
  @TempDir Path folder;

  @Test
  void anEndUsersDayIsFoundByAnIndex() {
    LedgerPast.Who who = new LedgerPast.Who(Scope.USER, "t", "u");
    try (Database database = Stores.SQLITE.open(folder)) {
      for (Quota quota : List.of(Quota.REQUESTS_PER_DAY, Quota.TOKENS_PER_DAY)) {
        LedgerPast.Query query = LedgerPast.query(who, quota, 0, Optional.empty());
        List<String> plan =
            database.read(
                s ->
                    s.list(
                        "EXPLAIN QUERY PLAN " + query.sql(),
                        row -> row.text("detail"),
                        query.arguments().toArray()));
        assertTrue(
            plan.stream()
                .anyMatch(
                    p ->
                        p.contains("ledger_admission_end_user")
                            && p.contains("team_id=? AND end_user=? AND admitted_us>?")),
            quota + ": " + plan);
      }
    }
  }
}
