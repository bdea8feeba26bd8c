package dev.jubal.llama.scheduler;

import dev.jubal.llama.Segment;
import dev.jubal.llama.binding.Vocabulary;
import java.util.List;
import java.util.stream.IntStream;

/** Turns segments into the tokens a model reads. */
final class PromptTokens {
  private PromptTokens() {}

  static int[] of(List<Segment> prompt, Vocabulary vocabulary) {
    return begun(vocabulary.tokenize(prompt), vocabulary.bos());
  }

  /** Many templates write the beginning-of-text token themselves; two of them confuse a model. */
  private static int[] begun(int[] tokens, int bos) {
    if (bos == Vocabulary.NONE || (tokens.length > 0 && tokens[0] == bos)) {
      return tokens;
    }
    return IntStream.concat(IntStream.of(bos), IntStream.of(tokens)).toArray();
  }
}
