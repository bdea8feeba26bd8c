package dev.jubal.app;

import dev.jubal.account.ledger.Admission;
import dev.jubal.account.ledger.Companion;
import dev.jubal.account.ledger.Ledger;
import dev.jubal.account.ledger.Settlement;
import dev.jubal.account.ledger.SqlLedger;
import dev.jubal.platform.metrics.ServerMetrics;

/** Counts what the ledger settles: tokens, cost and times, by endpoint and catalogue name. */
final class MeteredLedger implements Ledger {
  private final Ledger next;
  private final ServerMetrics metrics;

  MeteredLedger(SqlLedger next, ServerMetrics metrics) {
    this.next = next;
    this.metrics = metrics;
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
    String[] labels = {"endpoint", admission.endpoint(), "model", admission.modelResolved()};
    tokens("prompt", settlement.usage().prompt(), labels);
    tokens("cached", settlement.usage().cached(), labels);
    tokens("completion", settlement.usage().completion(), labels);
    tokens("reasoning", settlement.usage().reasoning(), labels);
    metrics.add("jubal.cost.ticks", "Cost in ticks of 1e-10 USD.", settlement.costTicks(), labels);
    metrics.time("jubal.latency", "From admission to settlement.", settlement.latency(), labels);
    settlement
        .firstToken()
        .ifPresent(
            t ->
                metrics.time("jubal.first.token", "From admission to the first token.", t, labels));
    settlement
        .lastToken()
        .ifPresent(
            t -> metrics.time("jubal.last.token", "From admission to the last token.", t, labels));
  }

  private void tokens(String kind, long count, String[] labels) {
    if (count > 0) {
      metrics.add(
          "jubal.tokens",
          "Tokens settled.",
          count,
          labels[0],
          labels[1],
          labels[2],
          labels[3],
          "kind",
          kind);
    }
  }
}
