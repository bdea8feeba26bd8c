package dev.jubal.testing;

import dev.jubal.account.ledger.LedgerCheck;
import dev.jubal.platform.sql.Database;

/** What {@code jubal ledger verify} proves. */
public final class WholeLedger {
  private WholeLedger() {}

  /** Fails with what of it is wrong, if anything is. */
  public static void in(Database database) {
    for (LedgerCheck.Finding f : new LedgerCheck(database).run()) {
      if (f.wrong() != 0) {
        throw new AssertionError(f.what() + ": " + f.wrong() + " are wrong (expected: 0)");
      }
    }
  }
}
