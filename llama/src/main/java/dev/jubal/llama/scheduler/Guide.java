package dev.jubal.llama.scheduler;

import dev.jubal.llama.CallSyntax;
import dev.jubal.llama.OutputForm;
import dev.jubal.llama.Segment;
import dev.jubal.llama.binding.Vocabulary;
import dev.jubal.llama.constraint.Matcher;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * Keeps one choice to its output form, and knows what follows from the form for its text.
 *
 * <p>Stop texts count only where the answer is text: from a place where the choice may end to a
 * place where it may end. Inside a value or a call they are part of it, and a value that is
 * complete ends the choice by itself.
 *
 * <p>Control tokens that the syntax of calls is written in are said as their names, as whoever
 * reads the calls looks for them; all others stay unsaid.
 */
final class Guide {
  private final Matcher matcher;
  private final Vocabulary vocabulary;
  private final BitSet spoken;
  private final boolean hasText;
  private boolean begun;
  private boolean watched;

  private Guide(Matcher matcher, Vocabulary vocabulary, BitSet spoken, boolean hasText) {
    this.matcher = matcher;
    this.vocabulary = vocabulary;
    this.spoken = spoken;
    this.hasText = hasText;
  }

  /** A guide at the beginning of a form that {@code matcher} was made of. */
  static Guide of(OutputForm form, Matcher matcher, Vocabulary vocabulary) {
    return switch (form) {
      case OutputForm.Calls calls ->
          new Guide(matcher, vocabulary, spoken(calls.syntax(), vocabulary), hasText(calls));
      case OutputForm.Text _, OutputForm.JsonObject _, OutputForm.JsonSchema _ ->
          new Guide(matcher, vocabulary, new BitSet(), form instanceof OutputForm.Text);
    };
  }

  private static boolean hasText(OutputForm.Calls calls) {
    return calls.otherwise().filter(OutputForm.Text.class::isInstance).isPresent();
  }

  private static BitSet spoken(CallSyntax syntax, Vocabulary vocabulary) {
    BitSet spoken = new BitSet();
    Stream.of(
            syntax.opening(),
            syntax.beforeName(),
            syntax.beforeArguments(),
            syntax.afterArguments(),
            syntax.between(),
            syntax.closing())
        .flatMap(List::stream)
        .filter(Segment::special)
        .flatMapToInt(s -> Arrays.stream(vocabulary.tokenize(s.text(), true)))
        .filter(vocabulary::isControl)
        .forEach(spoken::set);
    return spoken;
  }

  /** A guide in the same state that goes its own way. */
  Guide copy() {
    Guide copy = new Guide(matcher.copy(), vocabulary, spoken, hasText);
    copy.begun = begun;
    copy.watched = watched;
    return copy;
  }

  /** Takes a token; false, and nothing changes, if it is not legal here. */
  boolean takes(int token) {
    boolean couldEnd = matcher.mayEnd();
    if (vocabulary.endsText(token)) {
      return couldEnd;
    }
    if (!matcher.advance(token)) {
      return false;
    }
    watched = hasText && (couldEnd || !begun) && matcher.mayEnd();
    begun = true;
    return true;
  }

  /** How many of the first {@code count} guesses are legal one after the other. */
  int legal(Foresight foresight, int count) {
    Matcher ahead = matcher.copy();
    int legal = 0;
    while (legal < count && ahead.advance(foresight.guess(legal))) {
      legal++;
    }
    return legal;
  }

  /** The legal tokens; valid until the next one is taken. */
  long[] mask() {
    return matcher.mask();
  }

  /** Whether the choice may end here. */
  boolean mayEnd() {
    return matcher.mayEnd();
  }

  /** Tokens that end the choice in the shortest way; none if they cannot be spelled as text. */
  int[] shortestEnd() {
    byte[] bytes = matcher.shortest();
    if (wholeCharacters(bytes) < bytes.length) {
      return new int[0];
    }
    int[] tokens = vocabulary.tokenize(bytes, false);
    Matcher ahead = matcher.copy();
    for (int token : tokens) {
      if (!ahead.advance(token)) {
        return new int[0];
      }
    }
    return tokens;
  }

  /** Whether nothing may follow. */
  boolean complete() {
    return matcher.complete();
  }

  /** Whether stop texts count in the text of the token taken last. */
  boolean watched() {
    return watched;
  }

  /** Whether a token has a text in the answer. */
  boolean says(int token) {
    return !vocabulary.isControl(token) || spoken.get(token);
  }

  /**
   * Tokens whose text must come next, none if the model has a choice. The last one is left to the
   * model, which may know a longer token that begins with its text, unless it ends the form.
   */
  int[] forced() {
    byte[] bytes = matcher.forced();
    int whole = wholeCharacters(bytes);
    if (whole == 0) {
      return new int[0];
    }
    int[] tokens = vocabulary.tokenize(Arrays.copyOf(bytes, whole), false);
    Matcher ahead = matcher.copy();
    int legal = 0;
    // Some vocabularies put a space before whatever they tokenize, which is not what was asked.
    while (legal < tokens.length && ahead.advance(tokens[legal])) {
      legal++;
    }
    boolean ends = legal == tokens.length && ahead.complete();
    return Arrays.copyOf(tokens, ends ? legal : Math.max(0, legal - 1));
  }

  /**
   * How many of the bytes are whole, valid characters: the library takes nothing else. Others are
   * an unfinished character at the end, or what a matcher writes for a control token.
   */
  private static int wholeCharacters(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    StandardCharsets.UTF_8.newDecoder().decode(in, CharBuffer.allocate(bytes.length), true);
    return in.position();
  }
}
