package dev.jubal.testing;

import dev.jubal.account.ledger.Admission;
import dev.jubal.account.ledger.Companion;
import dev.jubal.account.ledger.Ledger;
import dev.jubal.account.ledger.LedgerRow;
import dev.jubal.account.ledger.Settlement;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.sql.Database;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A ledger in memory that can be told to fail. */
public final class MemoryLedger implements Ledger {
  private final Map<String, Admission> admissions = new ConcurrentHashMap<>();
  private final Map<String, Settlement> settlements = new ConcurrentHashMap<>();
  private volatile boolean broken;
  private volatile @Nullable Database database;

  @Override
  public void admit(Admission admission, Companion companion) {
    check();
    write(companion);
    admissions.put(admission.requestId(), admission);
  }

  @Override
  public void settle(Admission admission, Settlement settlement, Companion companion) {
    check();
    if (settlements.putIfAbsent(admission.requestId(), settlement) != null) {
      throw new AssertionError("settled twice: " + admission.requestId());
    }
    write(companion);
  }

  @Override
  public void extend(String requestId, long reservedTicks) {
    check();
  }

  /** Where companions are written from now on; until then nothing is kept. */
  public void keepIn(Database other) {
    database = other;
  }

  private void write(Companion companion) {
    Database to = database;
    if (to != null && !companion.equals(Companion.NONE)) {
      to.write(
          s -> {
            companion.write(s);
            return true;
          });
    }
  }

  /** The admission of a request, as the row of a ledger. */
  public Optional<LedgerRow> find(String id) {
    return Optional.ofNullable(admissions.get(id)).map(MemoryLedger::row);
  }

  private static LedgerRow row(Admission a) {
    return new LedgerRow(
        a.requestId(),
        a.clientRequestId(),
        new LedgerRow.Owner(a.principal().keyId(), a.principal().userId(), a.principal().teamId()),
        a.endpoint(),
        a.modelAsked(),
        a.modelResolved(),
        a.backend(),
        a.price(),
        a.stream(),
        a.admitted(),
        a.reserved(),
        Optional.empty());
  }

  private void check() {
    if (broken) {
      throw new ApiException(ErrorCode.LEDGER_UNAVAILABLE, "The ledger is broken.");
    }
  }

  /** From now on nothing can be committed. */
  public void fail() {
    broken = true;
  }

  public Map<String, Admission> admissions() {
    return admissions;
  }

  public Map<String, Settlement> settlements() {
    return settlements;
  }
}
