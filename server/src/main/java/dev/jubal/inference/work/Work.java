package dev.jubal.inference.work;

import dev.jubal.inference.GenerationRequest;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * A piece of work as it stands.
 *
 * @param id the request's id
 * @param shape what the dialect stored to show the answer again
 * @param ended when it ended, empty while it is open
 * @param expires when it is forgotten
 */
public record Work(
    String id,
    WorkKind kind,
    Owner owner,
    State state,
    GenerationRequest request,
    byte[] shape,
    Instant created,
    Optional<Instant> ended,
    Instant expires) {

  /** Whose it is: nobody else can tell that it exists. */
  public record Owner(String teamId, String keyId) {}

  /** Whether it ended, and how. */
  public enum State {
    OPEN,
    DONE,
    FAILED,
    CANCELLED;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State of(String label) {
      return valueOf(label.toUpperCase(Locale.ROOT));
    }
  }

  public boolean open() {
    return state == State.OPEN;
  }
}
