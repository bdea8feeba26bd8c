package dev.jubal.account.ledger;

import dev.jubal.account.Principal;
import java.time.Instant;
import java.util.Optional;

/**
 * One request as the ledger has it.
 *
 * @param price the rates of the admission, so that the cost can be computed again
 * @param settled how it ended; empty while it runs
 */
public record LedgerRow(
    String requestId,
    Optional<String> clientRequestId,
    Owner owner,
    String endpoint,
    String modelAsked,
    String modelResolved,
    String backend,
    Price price,
    boolean stream,
    Instant admitted,
    Admission.Reserved reserved,
    Optional<Settled> settled) {

  /**
   * The admission that it began with, for a holder who is looked up anew; the project stays that of
   * the row.
   */
  public Admission admission(Principal holder) {
    return new Admission(
        requestId,
        clientRequestId,
        holder.of(owner.project()),
        endpoint,
        modelAsked,
        modelResolved,
        backend,
        price,
        stream,
        admitted,
        reserved);
  }

  /** The same, with so much money held for it. */
  LedgerRow holding(long ticks) {
    return new LedgerRow(
        requestId,
        clientRequestId,
        owner,
        endpoint,
        modelAsked,
        modelResolved,
        backend,
        price,
        stream,
        admitted,
        new Admission.Reserved(reserved.endUser(), reserved.tokens(), ticks),
        settled);
  }

  /**
   * Who pays.
   *
   * @param project the part of the team the key belonged to at the admission
   */
  public record Owner(String keyId, String userId, String teamId, Optional<String> project) {
    /** One without a project. */
    public Owner(String keyId, String userId, String teamId) {
      this(keyId, userId, teamId, Optional.empty());
    }
  }

  /**
   * The second row.
   *
   * @param recovered closed by a later start; its tokens are unknown and count 0
   */
  public record Settled(Settlement settlement, boolean recovered, Instant at) {}
}
