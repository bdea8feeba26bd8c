package dev.jubal.testing;

import dev.jubal.account.ledger.Admission;
import dev.jubal.account.ledger.Companion;
import dev.jubal.account.ledger.Ledger;
import dev.jubal.account.ledger.Settlement;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A ledger in memory that can be told to fail. */
public final class MemoryLedger implements Ledger {
  private final Map<String, Admission> admissions = new ConcurrentHashMap<>();
  private final Map<String, Settlement> settlements = new ConcurrentHashMap<>();
  private volatile boolean broken;

  @Override
  public void admit(Admission admission) {
    check();
    admissions.put(admission.requestId(), admission);
  }

  @Override
  public void settle(Admission admission, Settlement settlement, Companion companion) {
    check();
    if (settlements.putIfAbsent(admission.requestId(), settlement) != null) {
      throw new AssertionError("settled twice: " + admission.requestId());
    }
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
