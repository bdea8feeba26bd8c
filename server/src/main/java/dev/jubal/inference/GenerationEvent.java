package dev.jubal.inference;

import dev.jubal.account.ledger.Usage;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What happens while an answer is made. Order: {@code Accepted} (from the generator), any number of
 * {@code Queued}, {@code Started}, for each choice its thought first, then any number of {@code
 * TextDelta}s and calls, a {@code ChoiceFinished} for each choice, {@code Finished}. A failure is
 * an exception, not an event.
 */
public sealed interface GenerationEvent {

  /** The request is in the ledger; sent by the generator before the backend is called. */
  record Accepted(Resolution resolution) implements GenerationEvent {}

  /**
   * It waits for its turn; sent first when it begins to wait, then when its place changed.
   *
   * @param position 1 for the next one
   * @param etaMillis estimate of how long it still waits; -1 when nothing is known yet
   */
  record Queued(int position, long etaMillis) implements GenerationEvent {}

  /** A backend works on it: {@code cached} of {@code prompt} tokens need no computing. */
  record Started(long prompt, long cached) implements GenerationEvent {}

  /** More of a choice's thought, made of {@code tokens} tokens; before all else of the choice. */
  record ReasoningDelta(int choice, String text, int tokens) implements GenerationEvent {}

  /** The thought of a choice is whole. */
  record ReasoningFinished(int choice) implements GenerationEvent {}

  /** More text of a choice, made of {@code tokens} tokens; logprobs only if asked for. */
  record TextDelta(int choice, String text, int tokens, List<Logprob> logprobs)
      implements GenerationEvent {}

  /**
   * A choice begins a call; {@code index} counts the calls of the choice from 0. Its arguments
   * follow as {@link CallArguments}, and a call is whole only with its {@link CallFinished}.
   */
  record CallStarted(int choice, int index, String callId, String name)
      implements GenerationEvent {}

  /** More of a call's arguments, JSON text, made of {@code tokens} tokens. */
  record CallArguments(int choice, int index, String delta, int tokens)
      implements GenerationEvent {}

  /** A call is whole. */
  record CallFinished(int choice, int index) implements GenerationEvent {}

  /** A choice is complete; {@code stop} is the stop text that ended it, if one did. */
  record ChoiceFinished(int choice, FinishReason reason, Optional<String> stop)
      implements GenerationEvent {}

  /**
   * All is said. From a backend {@code costTicks} is what it charges itself (0 when local); from
   * the generator it is the price of the request, and the settlement is committed.
   *
   * @param prompts how many prompts the usage holds, where a backend asked more than once
   * @param limit the limit of the caller that cut the answer short, as name:scope
   */
  record Finished(Usage usage, long costTicks, OptionalInt prompts, Optional<String> limit)
      implements GenerationEvent {
    /** Of so many prompts. */
    public Finished(Usage usage, long costTicks, OptionalInt prompts) {
      this(usage, costTicks, prompts, Optional.empty());
    }

    /** Of one prompt. */
    public Finished(Usage usage, long costTicks) {
      this(usage, costTicks, OptionalInt.empty());
    }
  }

  /** Why a choice ended. */
  enum FinishReason {
    STOP,
    LENGTH,
    /** It made calls, and waits for what they give. */
    TOOL_CALLS
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
