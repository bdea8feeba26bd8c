package dev.jubal.app;

import dev.jubal.account.ledger.Ledger;
import dev.jubal.account.ledger.SqlLedger;
import dev.jubal.app.telemetry.SettlementMeters;
import dev.jubal.platform.metrics.ServerMetrics;

/** Shows the ledger, and has what it settles counted. */
final class MeteredLedger {
  private MeteredLedger() {}

  static Ledger of(SqlLedger ledger, ServerMetrics metrics) {
    SettlementMeters meters = new SettlementMeters(metrics);
    metrics.counter("jubal.ledger.rows", "Rows committed.", () -> ledger.counters().rows());
    metrics.counter(
        "jubal.ledger.commits", "Transactions they shared.", () -> ledger.counters().commits());
    metrics.counter(
        "jubal.ledger.failures", "Rows refused or lost.", () -> ledger.counters().failures());
    metrics.gauge(
        "jubal.ledger.open", "Admissions not settled yet.", () -> ledger.counters().open());
    return ledger.telling(
        (admission, settlement) -> {
          meters.settled(admission, settlement);
          if (admission.price().unpriced(settlement.usage())) {
            Money.unknownPrice(metrics, 1);
          }
        });
  }
}
