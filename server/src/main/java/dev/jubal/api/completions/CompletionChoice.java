package dev.jubal.api.completions;

import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.GenerationEvent.Logprob;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** One choice of a completion, as chunks or folded: its text, and where its tokens begin. */
final class CompletionChoice {
  private final int index;
  private final String echo;
  private final OptionalInt top;
  private final StringBuilder text = new StringBuilder();
  private final List<Logprob> tokens = new ArrayList<>();
  private boolean begun;
  private long offset;
  private @Nullable String finish;

  /**
   * A choice of which nothing is known.
   *
   * @param echo stands before its text
   * @param top empty for no logprobs, else how many likely tokens are shown
   */
  CompletionChoice(int index, String echo, OptionalInt top) {
    this.index = index;
    this.echo = echo;
    this.top = top;
  }

  /** The chunk of a delta; the first one carries the echo. */
  CompletionsWire.Choice delta(GenerationEvent.TextDelta d) {
    return new CompletionsWire.Choice(index, begin() + d.text(), logprobs(d.logprobs()), null);
  }

  /** The chunk that ends the choice. */
  CompletionsWire.Choice end(String reason) {
    CompletionsWire.Logprobs none = begun ? null : logprobs(List.of());
    return new CompletionsWire.Choice(index, begin(), none, reason);
  }

  private String begin() {
    boolean first = !begun;
    begun = true;
    return first ? echo : "";
  }

  void add(GenerationEvent.TextDelta d) {
    text.append(d.text());
    tokens.addAll(d.logprobs());
  }

  void finish(String reason) {
    this.finish = reason;
  }

  CompletionsWire.Choice whole() {
    return new CompletionsWire.Choice(
        index,
        echo + text,
        logprobs(tokens),
        Objects.requireNonNull(finish, () -> "choice " + index + " has not finished"));
  }

  private CompletionsWire.@Nullable Logprobs logprobs(List<Logprob> shown) {
    if (top.isEmpty()) {
      return null;
    }
    List<Long> offsets = new ArrayList<>();
    for (Logprob token : shown) {
      offsets.add(offset);
      offset += characters(token.bytes());
    }
    return new CompletionsWire.Logprobs(
        shown.stream().map(Logprob::token).toList(),
        shown.stream().map(Logprob::value).toList(),
        top.getAsInt() == 0 ? null : shown.stream().map(CompletionChoice::likely).toList(),
        offsets);
  }

  /** Characters that begin in these bytes: a token may hold a part of one. */
  private static long characters(byte[] utf8) {
    long count = 0;
    for (byte b : utf8) {
      if ((b & 0xC0) != 0x80) {
        count++;
      }
    }
    return count;
  }

  /** By their text; of tokens that look alike the likeliest stays. */
  private static Map<String, Double> likely(Logprob token) {
    Map<String, Double> found = new LinkedHashMap<>();
    token.top().forEach(t -> found.putIfAbsent(t.token(), t.value()));
    return found;
  }
}
