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
    Instant admitted) {}
