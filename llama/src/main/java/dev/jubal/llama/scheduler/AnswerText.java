package dev.jubal.llama.scheduler;

import dev.jubal.llama.EngineListener.SampledToken;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The text of one choice as it grows: tokens in, releasable text with its tokens out. Positions are
 * counted in characters of the whole text, so that each token leaves with the text it helped to
 * make.
 */
final class AnswerText {
  private final Utf8Assembler characters = new Utf8Assembler();
  private final StopFilter filter;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private long made;
  private long released;

  AnswerText(List<String> stops) {
    this.filter = new StopFilter(stops);
  }

  /** Text that may go to the client now, and the tokens it came from. */
  record Piece(String text, List<SampledToken> tokens) {
    static final Piece NONE = new Piece("", List.of());

    boolean isEmpty() {
      return text.isEmpty();
    }

    /** Both, one after the other. */
    Piece then(Piece next) {
      if (isEmpty()) {
        return next;
      }
      if (next.isEmpty()) {
        return this;
      }
      List<SampledToken> both = new ArrayList<>(tokens);
      both.addAll(next.tokens);
      return new Piece(text + next.text, both);
    }
  }

  private record Waiting(SampledToken token, long begin, long end) {}

  /**
   * Takes a token.
   *
   * @param text false for control tokens that are not part of the text
   * @param watched false where a stop text does not count: inside a value that must be whole
   */
  Piece append(SampledToken token, boolean text, boolean watched) {
    String whole = text ? characters.append(token.bytes()) : "";
    long begin = made;
    made += whole.length();
    // An unfinished character will be one more place, where this token belongs.
    waiting.addLast(new Waiting(token, begin, characters.holds() ? made + 1 : made));
    return release(watched ? filter.append(whole) : filter.pass(whole));
  }

  /** The stop text that was reached, if one was. */
  @Nullable String stop() {
    return filter.matched();
  }

  /** What is left when the choice ends without a stop text. */
  Piece end() {
    String last = characters.end();
    made += last.length();
    String free = filter.append(last);
    return release(filter.matched() == null ? free + filter.end() : free);
  }

  private Piece release(String text) {
    released += text.length();
    if (text.isEmpty()) {
      return Piece.NONE;
    }
    List<SampledToken> tokens = new ArrayList<>(waiting.size());
    boolean over = filter.matched() != null;
    while (!waiting.isEmpty() && leaves(waiting.getFirst(), over)) {
      tokens.add(waiting.removeFirst().token());
    }
    return new Piece(text, tokens);
  }

  /** After a match a token whose text begins before the stop text still belongs to the answer. */
  private boolean leaves(Waiting token, boolean over) {
    return over ? token.begin() < released : token.end() <= released;
  }
}
