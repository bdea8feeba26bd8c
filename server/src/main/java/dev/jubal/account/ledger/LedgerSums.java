package dev.jubal.account.ledger;

/**
 * Totals over many requests.
 *
 * @param admitted all requests
 * @param settled those that ended
 * @param recovered those of the settled that a later start closed
 * @param usage their tokens
 * @param costTicks what they cost, 1e-10 USD
 * @param backendCostTicks what the backends charged
 */
public record LedgerSums(
    long admitted,
    long settled,
    long recovered,
    Usage usage,
    long costTicks,
    long backendCostTicks) {

  /** Requests without an end: running, or lost with their process. */
  public long open() {
    return admitted - settled;
  }
}
