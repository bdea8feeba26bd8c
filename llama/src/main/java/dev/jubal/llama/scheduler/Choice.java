package dev.jubal.llama.scheduler;

import dev.jubal.llama.EngineListener.FinishReason;
import dev.jubal.llama.sampling.Sampler;
import org.jspecify.annotations.Nullable;

/** One continuation of a prompt. Touched by the decode loop alone. */
final class Choice {
  final Generation generation;
  final int index;
  final Sampler sampler;
  final AnswerText text;
  private int generated;
  private int last = -1;
  private boolean ended;

  Choice(Generation generation, int index, Sampler sampler) {
    this.generation = generation;
    this.index = index;
    this.sampler = sampler;
    this.text = new AnswerText(generation.request.limits().stop());
  }

  /** The token at a position that is computed next: of the prompt, or the one just drawn. */
  int token(int position) {
    int[] prompt = generation.prompt();
    return position < prompt.length ? prompt[position] : last;
  }

  int generated() {
    return generated;
  }

  void drew(int token) {
    last = token;
    generated++;
    generation.drawn();
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
      send(text.end());
    }
    // The last characters may themselves have completed a stop text.
    String found = stop == null ? text.stop() : stop;
    FinishReason told = found == null ? reason : FinishReason.STOP;
    generation.outbox.put(l -> l.choiceFinished(index, told, found));
    generation.choiceEnded();
  }

  void send(AnswerText.Piece piece) {
    if (!piece.isEmpty()) {
      generation.outbox.put(l -> l.text(index, piece.text(), piece.tokens()));
    }
  }
}
