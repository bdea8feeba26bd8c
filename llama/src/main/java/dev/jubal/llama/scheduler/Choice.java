package dev.jubal.llama.scheduler;

import dev.jubal.llama.EngineListener.FinishReason;
import dev.jubal.llama.EngineListener.SampledToken;
import dev.jubal.llama.sampling.Sampler;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One continuation of a prompt. Touched by the decode loop alone once it was offered. */
final class Choice {
  final Generation generation;
  final int index;
  final Sampler sampler;
  final @Nullable Guide guide;
  final Foresight foresight = new Foresight();
  private final AnswerText text;
  private int[] answer = new int[64];
  private int generated;
  private AnswerText.Piece unsent = AnswerText.Piece.NONE;
  private boolean ended;

  /**
   * @param guide what keeps it to its form, null for free text
   */
  Choice(Generation generation, int index, Sampler sampler, @Nullable Guide guide) {
    this.generation = generation;
    this.index = index;
    this.sampler = sampler;
    this.guide = guide;
    this.text = new AnswerText(generation.request.limits().stop());
  }

  /** Whether its text must not depend on what was computed before. */
  boolean repeatable() {
    return generation.request.sampling().repeatable();
  }

  /** The token at a position below {@link #known}: of the prompt or of the answer. */
  int token(int position) {
    int[] prompt = generation.prompt();
    return position < prompt.length ? prompt[position] : answer[position - prompt.length];
  }

  /** How many tokens of prompt and answer there are, computed or not. */
  int known() {
    return generation.prompt().length + generated;
  }

  /** The tokens of the answer; those from {@link #generated} on mean nothing. */
  int[] answer() {
    return answer;
  }

  int generated() {
    return generated;
  }

  /** How many tokens it may say after the one that is drawn next. */
  int room() {
    return Math.max(0, generation.request.limits().maxTokens() - generated - 1);
  }

  /** Takes a token into the answer; its text is another matter. */
  void took(int token) {
    if (generated == answer.length) {
      answer = Arrays.copyOf(answer, 2 * generated);
    }
    answer[generated++] = token;
    sampler.took(token);
    generation.drawn();
  }

  /**
   * Writes the text of a token, which {@link #flush} sends.
   *
   * @param says whether it has one
   * @param watched whether stop texts count in it
   */
  void write(SampledToken token, boolean says, boolean watched) {
    unsent = unsent.then(text.append(token, says, watched));
  }

  /** The stop text that was reached, if one was. */
  @Nullable String stop() {
    return text.stop();
  }

  boolean ended() {
    return ended;
  }

  /** Sends what is left of the text, if the choice ends by itself, and the end. */
  void end(FinishReason reason, @Nullable String stop) {
    if (ended) {
      return;
    }
    ended = true;
    if (stop == null) {
      unsent = unsent.then(text.end());
    }
    flush();
    // The last characters may themselves have completed a stop text.
    String found = stop == null ? text.stop() : stop;
    FinishReason told = found == null ? reason : FinishReason.STOP;
    generation.outbox.put(l -> l.choiceFinished(index, told, found));
    generation.choiceEnded();
  }

  /** Sends the text written since the last time, as one event however many tokens it is. */
  void flush() {
    AnswerText.Piece piece = unsent;
    if (!piece.isEmpty()) {
      unsent = AnswerText.Piece.NONE;
      generation.outbox.put(l -> l.text(index, piece.text(), piece.tokens()));
    }
  }
}
