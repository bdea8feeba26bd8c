package dev.jubal.bench.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jubal.account.ledger.LedgerCheck;
import dev.jubal.platform.sql.Database;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger that is made for the bench is one that the server could have written. */
final class FillingTest {
  @TempDir Path folder;

  @Test
  void whatIsMadeIsProved() throws Exception {
    try (Site site = Site.sqlite(folder);
        Database database = site.open()) {
      Filling.fill(site, database, 3000);
      for (LedgerCheck.Finding f : new LedgerCheck(database).run()) {
        assertEquals(0, f.wrong(), f.what());
      }
    }
  }
}
