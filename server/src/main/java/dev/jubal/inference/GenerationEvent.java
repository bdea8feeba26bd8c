package dev.jubal.inference;

import dev.jubal.account.ledger.Usage;
import java.util.List;
import java.util.Optional;

/**
 * What happens while an answer is made. Order: {@code Accepted} (from the generator), {@code
 * Started}, any number of {@code TextDelta}s, a {@code ChoiceFinished} for each choice, {@code
 * Finished}. A failure is an exception, not an event.
 */
public sealed interface GenerationEvent {

  /** The request is in the ledger; sent by the generator before the backend is called. */
  record Accepted(Resolution resolution) implements GenerationEvent {}

  /** A backend works on it: {@code cached} of {@code prompt} tokens need no computing. */
  record Started(long prompt, long cached) implements GenerationEvent {}

  /** More text of a choice, made of {@code tokens} tokens; logprobs only if asked for. */
  record TextDelta(int choice, String text, int tokens, List<Logprob> logprobs)
      implements GenerationEvent {}

  /** A choice is complete; {@code stop} is the stop text that ended it, if one did. */
  record ChoiceFinished(int choice, FinishReason reason, Optional<String> stop)
      implements GenerationEvent {}

  /**
   * All is said. From a backend {@code costTicks} is what it charges itself (0 when local); from
   * the generator it is the price of the request, and the settlement is committed.
   */
  record Finished(Usage usage, long costTicks) implements GenerationEvent {}

  /** Why a choice ended. */
  enum FinishReason {
    STOP,
    LENGTH
  }

  /**
   * A token and how likely it was.
   *
   * @param bytes of its text, possibly part of a character
   * @param value natural logarithm of its probability
   * @param top the likeliest at this place, best first
   */
  record Logprob(String token, byte[] bytes, double value, List<Alternative> top) {}

  /** A likely token at some place. */
  record Alternative(String token, byte[] bytes, double value) {}
}
