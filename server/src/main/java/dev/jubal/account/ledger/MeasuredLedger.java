package dev.jubal.account.ledger;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.metrics.ServerMetrics;
import java.time.Duration;

/**
 * A ledger that is counted: what it took in stands in the metrics, and nothing else does, so that
 * the two agree. Thread-safe.
 */
public final class MeasuredLedger implements Ledger {
  private final Ledger ledger;
  private final ServerMetrics metrics;

  public MeasuredLedger(Ledger ledger, ServerMetrics metrics) {
    this.ledger = ledger;
    this.metrics = metrics;
  }

  @Override
  public void admit(Admission admission) {
    commit("admission", () -> ledger.admit(admission));
  }

  @Override
  public void settle(Admission admission, Settlement settlement) {
    commit("settlement", () -> ledger.settle(admission, settlement));
    String endpoint = admission.endpoint();
    String model = admission.modelResolved();
    Usage usage = settlement.usage();
    tokens("prompt", usage.prompt(), endpoint, model);
    tokens("cached", usage.cached(), endpoint, model);
    tokens("completion", usage.completion(), endpoint, model);
    tokens("reasoning", usage.reasoning(), endpoint, model);
    metrics.add(
        "jubal.cost.ticks",
        "What settled requests cost, in ticks of 1e-10 USD.",
        settlement.costTicks(),
        "endpoint",
        endpoint,
        "model",
        model);
    settlement
        .firstToken()
        .ifPresent(
            took ->
                metrics.time(
                    "jubal.first.token",
                    "From admission to the first token.",
                    took,
                    "endpoint",
                    endpoint,
                    "model",
                    model));
  }

  private void tokens(String kind, long count, String endpoint, String model) {
    metrics.add(
        "jubal.tokens",
        "Tokens of settled requests; cached ones are among the prompt's.",
        count,
        "kind",
        kind,
        "endpoint",
        endpoint,
        "model",
        model);
  }

  private void commit(String row, Runnable work) {
    long start = System.nanoTime();
    try {
      work.run();
    } catch (ApiException e) {
      metrics.add("jubal.ledger.failures", "Rows that were not committed.", 1, "row", row);
      throw e;
    }
    metrics.time(
        "jubal.ledger.commits",
        "Rows committed, and how long each waited for its commit.",
        Duration.ofNanos(System.nanoTime() - start),
        "row",
        row);
  }
}
