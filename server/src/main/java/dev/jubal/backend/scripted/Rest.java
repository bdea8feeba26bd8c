package dev.jubal.backend.scripted;

import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.GenerationRequest.Begun;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What of a script is written already of the one choice that there is then, and what is left of it.
 * Confined to the request's thread.
 */
final class Rest {
  private final Begun begun;
  private final Deque<Call> calls = new ArrayDeque<>();
  private String thought;
  private String text;

  private Rest(Begun begun) {
    this.begun = begun;
    this.thought = begun.thought().text();
    StringBuilder written = new StringBuilder();
    for (Begun.Piece piece : begun.pieces()) {
      switch (piece) {
        case Begun.Piece.Text t -> written.append(t.text());
        case Begun.Piece.Call c -> calls.add(new Call(true, c.call().arguments(), c.whole()));
      }
    }
    this.text = written.toString();
  }

  static Rest of(GenerationRequest request) {
    List<Begun> all = request.options().begun();
    return new Rest(all.isEmpty() ? Begun.NOTHING : all.getFirst());
  }

  /** Whether a thought was begun and is not over. */
  boolean thinks() {
    return !thought.isEmpty() && !over();
  }

  private boolean over() {
    return begun.thought().whole() || !begun.pieces().isEmpty();
  }

  long thoughtTokens() {
    return begun.thought().tokens();
  }

  /** Whether some of a thought is not to be told: it was, or no thought is wanted any more. */
  boolean thought(String said) {
    if (over()) {
      return true;
    }
    boolean told = !thought.isEmpty() && thought.startsWith(said);
    thought = told ? thought.substring(said.length()) : thought;
    return told;
  }

  /** Whether some text was told before. */
  boolean text(String said) {
    boolean told = !text.isEmpty() && text.startsWith(said);
    text = told ? text.substring(said.length()) : text;
    return told;
  }

  /** What was told of the next call. */
  Call call() {
    return calls.isEmpty() ? new Call(false, "", false) : calls.removeFirst();
  }

  /** A call as it was told. */
  record Call(boolean begun, String arguments, boolean whole) {
    /** The pieces that were not. */
    List<String> left(List<String> pieces) {
      int skip = arguments.length();
      List<String> left = new ArrayList<>();
      for (String piece : pieces) {
        if (skip < piece.length()) {
          left.add(piece.substring(skip));
        }
        skip = Math.max(0, skip - piece.length());
      }
      return left;
    }
  }
}
