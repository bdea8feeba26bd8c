package dev.jubal.inference.work;

import dev.jubal.account.Principal;
import dev.jubal.account.ledger.Companion;
import dev.jubal.inference.GenerationRequest;
import java.time.Duration;
import java.util.Optional;

/**
 * Work that is asked for.
 *
 * @param requestId the server's id of the request, which is the work's
 * @param shape what the dialect needs to show the answer again, besides the request
 * @param replay the client's own name of the request
 * @param grace of a stream: how long it goes on after its client left; empty takes the configured
 * @param webhook an address that is called when it has ended
 * @param row what is written with the admission besides
 */
public record Order(
    WorkKind kind,
    GenerationRequest request,
    Principal owner,
    String requestId,
    Optional<String> clientRequestId,
    byte[] shape,
    Optional<Replay> replay,
    Optional<Duration> grace,
    Optional<String> webhook,
    Companion row) {
  /** The header by which a client gives an address to be called at the end. */
  public static final String WEBHOOK = "x-jubal-webhook";

  /** Work that is asked for under no name of the client's. */
  public static Order of(
      WorkKind kind,
      GenerationRequest request,
      Principal owner,
      String requestId,
      Optional<String> clientRequestId) {
    return new Order(
        kind,
        request,
        owner,
        requestId,
        clientRequestId,
        new byte[0],
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Companion.NONE);
  }

  public Order withShape(byte[] other) {
    return new Order(
        kind, request, owner, requestId, clientRequestId, other, replay, grace, webhook, row);
  }

  public Order resumable(Optional<Replay> name, Optional<Duration> longest) {
    return new Order(
        kind, request, owner, requestId, clientRequestId, shape, name, longest, webhook, row);
  }

  public Order calling(Optional<String> address) {
    return new Order(
        kind, request, owner, requestId, clientRequestId, shape, replay, grace, address, row);
  }

  /** The same, with more to be written with the admission. */
  public Order with(Companion more) {
    return new Order(
        kind, request, owner, requestId, clientRequestId, shape, replay, grace, webhook, more);
  }

  /**
   * The client's own name of a request: the same again from the same owner is the same work.
   *
   * @param name the Idempotency-Key
   */
  public record Replay(String name) {}
}
