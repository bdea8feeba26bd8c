package dev.jubal.inference;

import dev.jubal.account.admission.Standing;
import dev.jubal.account.ledger.Service;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the generator decided about a request.
 *
 * @param requestId the server's id
 * @param model the catalogue name, which answers report
 * @param backend what stands behind it, such as llama/smollm2-135m-instruct
 * @param admitted when it was accepted
 * @param dropped fields a lenient model rule dropped
 * @param standing how the caller stood against its limits then
 * @param warning what the caller should know although nothing refused it, such as soft budgets that
 *     are passed
 * @param service how it is served and billed
 */
public record Resolution(
    String requestId,
    String model,
    String backend,
    Instant admitted,
    List<String> dropped,
    Optional<Standing> standing,
    Optional<String> warning,
    Service service) {

  public Resolution {
    service = service == null ? Service.DEFAULT : service; // rows of earlier versions have none
  }

  /** One of a caller without limits. */
  public Resolution(
      String requestId, String model, String backend, Instant admitted, List<String> dropped) {
    this(
        requestId,
        model,
        backend,
        admitted,
        dropped,
        Optional.empty(),
        Optional.empty(),
        Service.DEFAULT);
  }
}
