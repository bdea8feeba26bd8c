package dev.jubal.llama.scheduler;

import dev.jubal.llama.EngineFailure.Kind;
import dev.jubal.llama.EngineListener.Alternative;
import dev.jubal.llama.EngineListener.FinishReason;
import dev.jubal.llama.EngineListener.SampledToken;
import dev.jubal.llama.EngineRequest;
import dev.jubal.llama.binding.Vocabulary;
import dev.jubal.llama.sampling.Distribution;
import dev.jubal.llama.sampling.Sampler;
import dev.jubal.llama.sampling.Workspace;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Draws the next token of a choice from a row of logits and decides what follows from it: text, a
 * run of tokens that the form leaves no choice about, the end. Used by the decode loop alone.
 *
 * <p>A token that a form forbids is found by asking for it, not by masking each row: the model
 * mostly wants what is legal, and then a constrained token costs no more than a free one. Only
 * after a refusal the mask of legal tokens is made and the draw repeated under it ({@link
 * Sampler#drawLegal} tells why the two together are fair). Log probabilities are the model's own,
 * mask or not.
 */
final class Writer {
  private final Vocabulary vocabulary;
  private final int capacity;
  private final Workspace space;
  private final Distribution distribution;
  private final Tally tally;
  private final int[] ends;

  /**
   * @param capacity most tokens of a slot
   */
  Writer(Vocabulary vocabulary, int capacity, Workspace space, Tally tally) {
    this.vocabulary = vocabulary;
    this.capacity = capacity;
    this.space = space;
    this.distribution = new Distribution(vocabulary.size(), 20);
    this.tally = tally;
    this.ends = vocabulary.ends();
  }

  /** Writes what a form begins with whatever the model says; the choice may end by it. */
  void begin(Choice choice) {
    guarded(choice, () -> writeForced(choice));
  }

  /** Draws a token and writes it, and what is forced after it; the choice may end by it. */
  void draw(Choice choice, MemorySegment row) {
    guarded(
        choice,
        () -> {
          int token = legal(choice, row);
          write(choice, token, row);
          writeForced(choice);
          land(choice);
        });
  }

  /** A form or a row that goes wrong ends its own request and nobody else's. */
  private static void guarded(Choice choice, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      choice.generation.fail(Kind.INTERNAL, "drawing a token: " + e.getMessage());
    }
  }

  private int legal(Choice choice, MemorySegment row) {
    int token = choice.sampler.draw(row, space);
    Guide guide = choice.guide;
    if (guide == null) {
      return orEnd(choice, token, row);
    }
    if (guide.takes(token)) {
      return token;
    }
    tally.refusedTokens.incrementAndGet();
    int other = choice.sampler.drawLegal(row, guide.mask(), space);
    if (!guide.takes(other)) {
      throw new IllegalStateException(
          "token " + other + " is in the mask of its form (expected: one the form takes)");
    }
    return other;
  }

  /** The end in the place of a token of a text that has gone on for long, if it is drawn now. */
  private int orEnd(Choice choice, int token, MemorySegment row) {
    EngineRequest.Limits limits = choice.generation.request.limits();
    if (limits.endFrom() == 0 || limits.ignoreEnd() || choice.generated() < limits.endFrom()) {
      return token;
    }
    float pull = TextEnd.pull(choice, limits.endFrom(), token, vocabulary);
    if (pull == 0) {
      return token;
    }
    int other = choice.sampler.drawRaised(row, ends, pull, space);
    return vocabulary.endsText(other) ? other : token;
  }

  /** Writes a token its guide has taken. */
  private void write(Choice choice, int token, @Nullable MemorySegment row) {
    EngineRequest request = choice.generation.request;
    Guide guide = choice.guide;
    choice.took(token);
    tally.completionTokens.incrementAndGet();
    boolean ends = vocabulary.endsText(token);
    if (ends && !request.limits().ignoreEnd()) {
      choice.end(FinishReason.STOP, null);
      return;
    }
    boolean says = !ends && (says(guide, token) || stops(request, token));
    choice.write(
        sampled(token, row, request.topLogprobs()), says, guide == null || guide.watched());
    if (choice.stop() != null) {
      choice.end(FinishReason.STOP, choice.stop());
    } else if (guide != null && guide.complete()) {
      // Only the end may follow, so there is nothing to ask the model for.
      choice.end(FinishReason.STOP, null);
    } else if (choice.generated() >= request.limits().maxTokens() || choice.known() >= capacity) {
      choice.end(FinishReason.LENGTH, null);
    }
  }

  private boolean says(@Nullable Guide guide, int token) {
    return guide == null ? !vocabulary.isControl(token) : guide.says(token);
  }

  /** A control token may be a stop text by its name, as the tag is that closes a thought. */
  private boolean stops(EngineRequest request, int token) {
    List<String> stop = request.limits().stop();
    return !stop.isEmpty()
        && vocabulary.isControl(token)
        && stop.contains(new String(vocabulary.piece(token), StandardCharsets.UTF_8));
  }

  private void writeForced(Choice choice) {
    Guide guide = choice.guide;
    EngineRequest request = choice.generation.request;
    if (guide == null || !request.output().forcedText() || request.topLogprobs() >= 0) {
      return;
    }
    while (!choice.ended()) {
      int[] tokens = guide.forced();
      if (tokens.length == 0) {
        return;
      }
      for (int i = 0; i < tokens.length && !choice.ended(); i++) {
        if (!guide.takes(tokens[i])) {
          throw new IllegalStateException("forced token " + tokens[i] + " is not legal");
        }
        tally.forcedTokens.incrementAndGet();
        write(choice, tokens[i], null);
      }
    }
  }

  private void land(Choice choice) {
    Guide guide = choice.guide;
    EngineRequest request = choice.generation.request;
    if (guide == null || !request.output().landing() || choice.ended()) {
      return;
    }
    int left =
        Math.min(request.limits().maxTokens() - choice.generated(), capacity - choice.known());
    int[] end = Landing.due(choice, guide, left);
    for (int i = 0; i < end.length && !choice.ended() && guide.takes(end[i]); i++) {
      tally.forcedTokens.incrementAndGet();
      write(choice, end[i], null);
    }
    if (end.length > 0 && !choice.ended() && guide.mayEnd()) {
      choice.end(FinishReason.STOP, null);
    }
  }

  private SampledToken sampled(int token, @Nullable MemorySegment row, int top) {
    byte[] bytes = vocabulary.piece(token);
    if (top < 0 || row == null) {
      return new SampledToken(token, bytes, 0, List.of());
    }
    distribution.read(row, top);
    List<Alternative> alternatives = new ArrayList<>(top);
    for (int rank = 0; rank < distribution.count(); rank++) {
      int id = distribution.token(rank);
      alternatives.add(new Alternative(id, vocabulary.piece(id), distribution.logprob(id)));
    }
    return new SampledToken(token, bytes, distribution.logprob(token), alternatives);
  }
}
