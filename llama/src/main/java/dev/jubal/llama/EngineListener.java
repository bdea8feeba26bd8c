package dev.jubal.llama;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happens to one request: {@code queued} while it waits, then {@code started}, then any number
 * of {@code text} and {@code choiceFinished}, then exactly one of {@code finished} and {@code
 * failed}. A request cancelled before it had a slot gets {@code finished} alone.
 *
 * <p>Calls may block: a bounded buffer of 16 events a request stands between this listener and the
 * decode loop, and a full buffer pauses that request alone.
 */
public interface EngineListener {

  /**
   * The request waits for a slot: told once when it begins to wait, and again, at most once a
   * second, when its place changed.
   *
   * @param position 1 for the next one
   * @param etaMillis estimate of how long it still waits; -1 when nothing is known yet
   */
  default void queued(int position, long etaMillis) {}

  /** The request has its slot; {@code cachedTokens} of {@code promptTokens} need no computing. */
  void started(int promptTokens, int cachedTokens);

  /**
   * More text of a choice: whole UTF-8 characters, nothing that could still become a stop text.
   * {@code tokens} are those whose text this is, with logprobs only if asked for.
   */
  void text(int choice, String text, List<SampledToken> tokens);

  /** A choice is complete; {@code stop} is the stop text that ended it, if one did. */
  void choiceFinished(int choice, FinishReason reason, @Nullable String stop);

  /** The request is over, by itself or by {@link Engine.Ticket#cancel}. */
  void finished(Counts counts);

  /** The request is over without an answer. */
  void failed(EngineFailure failure);

  /** Why a choice ended. */
  enum FinishReason {
    STOP,
    LENGTH,
    CANCELLED
  }

  /**
   * Tokens read and written.
   *
   * @param prompt tokens of the prompt, template included, once whatever the number of choices
   * @param cached those of the prompt that a cached prefix already held
   * @param completion tokens generated over all choices, end-of-text tokens included
   */
  record Counts(int prompt, int cached, int completion) {}

  /**
   * A token the sampler drew.
   *
   * @param bytes its text as bytes, possibly not whole characters
   * @param logprob natural logarithm of its probability before any cut, 0 when not asked for
   * @param top the likeliest alternatives, best first, empty when not asked for
   */
  record SampledToken(int id, byte[] bytes, float logprob, List<Alternative> top) {}

  /** A likely token at one position. */
  record Alternative(int id, byte[] bytes, float logprob) {}
}
