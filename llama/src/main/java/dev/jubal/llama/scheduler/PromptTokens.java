package dev.jubal.llama.scheduler;

import dev.jubal.llama.Segment;
import dev.jubal.llama.binding.Vocabulary;
import java.util.List;
import java.util.stream.IntStream;

/** Turns segments into the tokens a model reads. */
final class PromptTokens {
  private PromptTokens() {}

  static int[] of(List<Segment> prompt, Vocabulary vocabulary) {
    IntStream.Builder tokens = IntStream.builder();
    StringBuilder plain = new StringBuilder();
    for (Segment segment : prompt) {
      if (segment.special()) {
        flush(plain, vocabulary, tokens);
        add(vocabulary.tokenize(segment.text(), true), tokens);
      } else {
        // Joined first: a word cut in two by segments must tokenize as the word.
        plain.append(segment.text());
      }
    }
    flush(plain, vocabulary, tokens);
    return begun(tokens.build().toArray(), vocabulary.bos());
  }

  private static void flush(StringBuilder plain, Vocabulary vocabulary, IntStream.Builder tokens) {
    if (!plain.isEmpty()) {
      add(vocabulary.tokenize(plain.toString(), false), tokens);
      plain.setLength(0);
    }
  }

  private static void add(int[] found, IntStream.Builder tokens) {
    for (int token : found) {
      tokens.add(token);
    }
  }

  /** Many templates write the beginning-of-text token themselves; two of them confuse a model. */
  private static int[] begun(int[] tokens, int bos) {
    if (bos == Vocabulary.NONE || (tokens.length > 0 && tokens[0] == bos)) {
      return tokens;
    }
    return IntStream.concat(IntStream.of(bos), IntStream.of(tokens)).toArray();
  }
}
