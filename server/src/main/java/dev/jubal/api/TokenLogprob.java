package dev.jubal.api;

import dev.jubal.inference.GenerationEvent.Alternative;
import dev.jubal.inference.GenerationEvent.Logprob;
import java.util.List;

/**
 * A token that was drawn, as the chat and responses dialects write it.
 *
 * @param bytes of its text, numbers from 0 to 255
 */
public record TokenLogprob(String token, double logprob, int[] bytes, List<Top> topLogprobs) {

  /** A token that was likely. */
  public record Top(String token, double logprob, int[] bytes) {
    private static Top of(Alternative a) {
      return new Top(a.token(), a.value(), TokenBytes.of(a.bytes()));
    }
  }

  /** Tokens in the order they were drawn. */
  public static List<TokenLogprob> of(List<Logprob> tokens) {
    if (tokens.isEmpty()) { // nobody asked, as for most deltas
      return List.of();
    }
    return tokens.stream()
        .map(
            t ->
                new TokenLogprob(
                    t.token(),
                    t.value(),
                    TokenBytes.of(t.bytes()),
                    t.top().stream().map(Top::of).toList()))
        .toList();
  }
}
