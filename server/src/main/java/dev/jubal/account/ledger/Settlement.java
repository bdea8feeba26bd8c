package dev.jubal.account.ledger;

import java.time.Duration;
import java.util.Optional;

/**
 * The row that closes an admission, exactly once.
 *
 * @param costTicks what the request costs by the admitted price, 1e-10 USD
 * @param backendCostTicks what the backend itself charged; 0 for a local one
 * @param local whether the backend is this machine, so that its own cost is 0 by nature
 * @param latency from admission to the end
 * @param firstToken from admission to the first token, empty when there was none
 * @param lastToken from admission to the last token, for meters alone: no row has it
 * @param status the HTTP status, or 499 when the client left
 * @param errorType the code of the error, empty when all went well
 * @param limitedBy the limit that cut the answer short, as name:scope
 */
public record Settlement(
    Usage usage,
    long costTicks,
    long backendCostTicks,
    boolean local,
    Duration latency,
    Optional<Duration> firstToken,
    Optional<Duration> lastToken,
    int status,
    Optional<String> errorType,
    Optional<String> limitedBy) {

  /** One that no limit cut short. */
  public Settlement(
      Usage usage,
      long costTicks,
      long backendCostTicks,
      boolean local,
      Duration latency,
      Optional<Duration> firstToken,
      Optional<Duration> lastToken,
      int status,
      Optional<String> errorType) {
    this(
        usage,
        costTicks,
        backendCostTicks,
        local,
        latency,
        firstToken,
        lastToken,
        status,
        errorType,
        Optional.empty());
  }
}
