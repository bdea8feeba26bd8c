package dev.jubal.app;

import dev.jubal.account.ledger.Admission;
import dev.jubal.account.ledger.Companion;
import dev.jubal.account.ledger.Ledger;
import dev.jubal.account.ledger.Settlement;
import dev.jubal.account.ledger.SqlLedger;
import dev.jubal.app.telemetry.SettlementMeters;
import dev.jubal.platform.metrics.ServerMetrics;

/** Shows the ledger, and has what it settles counted. */
final class MeteredLedger implements Ledger {
  private final Ledger next;
  private final ServerMetrics metrics;
  private final SettlementMeters meters;

  MeteredLedger(SqlLedger next, ServerMetrics metrics) {
    this.next = next;
    this.metrics = metrics;
    this.meters = new SettlementMeters(metrics);
    metrics.counter("jubal.ledger.rows", "Rows committed.", () -> next.counters().rows());
    metrics.counter(
        "jubal.ledger.commits", "Transactions they shared.", () -> next.counters().commits());
    metrics.counter(
        "jubal.ledger.failures", "Rows refused or lost.", () -> next.counters().failures());
    metrics.gauge("jubal.ledger.open", "Admissions not settled yet.", () -> next.counters().open());
  }

  @Override
  public void admit(Admission admission, Companion companion) {
    next.admit(admission, companion);
  }

  @Override
  public void extend(String requestId, long reservedTicks) {
    next.extend(requestId, reservedTicks);
  }

  @Override
  public void settle(Admission admission, Settlement settlement, Companion companion) {
    next.settle(admission, settlement, companion);
    meters.settled(admission, settlement);
    if (admission.price().unpriced(settlement.usage())) {
      Money.unknownPrice(metrics, 1);
    }
  }
}
