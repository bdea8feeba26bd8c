package dev.jubal.account.ledger;

import dev.jubal.account.Principal;
import java.time.Instant;
import java.util.Optional;

/**
 * The row that makes a request accepted, committed before its backend is called.
 *
 * @param requestId the server's id, unique
 * @param clientRequestId the client's own id
 * @param endpoint the surface, such as chat
 * @param modelAsked the name in the request
 * @param modelResolved the catalogue name after alias rules
 * @param backend what really answers, such as llama/smollm2-135m-instruct
 * @param price the price of the name asked, as it stands now
 * @param reserved what is held for it
 */
public record Admission(
    String requestId,
    Optional<String> clientRequestId,
    Principal principal,
    String endpoint,
    String modelAsked,
    String modelResolved,
    String backend,
    Price price,
    boolean stream,
    Instant admitted,
    Reserved reserved) {

  /**
   * What is held for a request.
   *
   * @param endUser the client's own end user, who may have limits too
   * @param tokens most that it may use until it asks for more
   * @param ticks most that these can cost, 1e-10 USD
   */
  public record Reserved(Optional<String> endUser, long tokens, long ticks) {
    public static final Reserved NOTHING = new Reserved(Optional.empty(), 0, 0);
  }

  /** The same, with what is held for it. */
  public Admission holding(long tokens, long ticks) {
    return new Admission(
        requestId,
        clientRequestId,
        principal,
        endpoint,
        modelAsked,
        modelResolved,
        backend,
        price,
        stream,
        admitted,
        new Reserved(reserved.endUser, tokens, ticks));
  }

  /** One that nothing is held for. */
  public Admission(
      String requestId,
      Optional<String> clientRequestId,
      Principal principal,
      String endpoint,
      String modelAsked,
      String modelResolved,
      String backend,
      Price price,
      boolean stream,
      Instant admitted) {
    this(
        requestId,
        clientRequestId,
        principal,
        endpoint,
        modelAsked,
        modelResolved,
        backend,
        price,
        stream,
        admitted,
        Reserved.NOTHING);
  }
}
