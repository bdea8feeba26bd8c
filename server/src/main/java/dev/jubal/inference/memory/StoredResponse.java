package dev.jubal.inference.memory;

import dev.jubal.account.ledger.Usage;
import dev.jubal.inference.Tools;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A response that its team may read again and continue.
 *
 * @param id that of the request that made it
 * @param teamId whose it is
 * @param previousId the response that it continues
 */
public record StoredResponse(
    String id,
    String teamId,
    Optional<String> previousId,
    Status status,
    Instant created,
    Content content) {

  /** Where it stands. */
  public enum Status {
    QUEUED,
    IN_PROGRESS,
    COMPLETED,
    /** Cut by a limit. */
    INCOMPLETE,
    FAILED,
    CANCELLED;

    /** The name on the wire, such as {@code in_progress}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether another response may continue it. */
    public boolean continuable() {
      return this == COMPLETED || this == INCOMPLETE;
    }
  }

  /**
   * What was said.
   *
   * @param model the catalogue name
   * @param instructions the system message before all else
   * @param input what it was given itself, without what it continues
   * @param output as far as it has come
   * @param tools what it could call
   * @param spent what it used, empty before it ends
   * @param face how the dialect that made it shows it
   */
  public record Content(
      String model,
      Optional<String> instructions,
      List<Kept> input,
      List<Kept> output,
      Tools tools,
      Optional<Spent> spent,
      Optional<Face> face) {
    public Content {
      input = List.copyOf(input);
      output = List.copyOf(output);
    }

    Content with(List<Kept> otherInput, List<Kept> otherOutput) {
      return new Content(model, instructions, otherInput, otherOutput, tools, spent, face);
    }
  }

  /**
   * What a response used.
   *
   * @param costTicks its price, 1e-10 USD
   */
  public record Spent(Usage usage, long costTicks) {}

  /**
   * How a dialect shows a response, beyond what all dialects know.
   *
   * @param dialect such as responses
   * @param json of a form that the dialect alone knows
   */
  public record Face(String dialect, String json) {}
}
