package dev.jubal.inference.work;

import dev.jubal.account.Principal;
import dev.jubal.account.ledger.Companion;
import dev.jubal.account.ledger.Settlement;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.GenerationEvent.FinishReason;
import dev.jubal.platform.error.ApiException;
import java.util.List;
import java.util.Optional;

/**
 * What a dialect keeps of work that ended in whatever way, such as a stored response. Thread-safe;
 * it has nothing but what is given, since the process that took the order may be gone.
 */
@FunctionalInterface
public interface WorkKeeping {

  /** What is written with the settlement; sealed when this returns. */
  Companion keep(Work work, End end);

  /**
   * An end.
   *
   * @param owner as its key stands now
   * @param state never open
   * @param error empty when all went well
   * @param events all of the answer, with {@code Finished} when all went well
   */
  record End(
      Principal owner,
      Work.State state,
      Optional<ApiException> error,
      Settlement settlement,
      List<GenerationEvent> events) {
    public End {
      events = List.copyOf(events);
    }

    /** What a webhook calls it, such as response.completed. */
    String event(Work work) {
      String what =
          switch (work.request().endpoint()) {
            case "responses" -> "response";
            case "chat" -> "chat.completion";
            default -> work.request().endpoint();
          };
      return what + "." + (state == Work.State.DONE ? done(work) : state.label());
    }

    private String done(Work work) {
      boolean cut =
          work.request().endpoint().equals("responses")
              && events.stream()
                  .anyMatch(
                      e ->
                          e instanceof GenerationEvent.ChoiceFinished c
                              && c.reason() == FinishReason.LENGTH);
      return cut ? "incomplete" : "completed";
    }
  }
}
