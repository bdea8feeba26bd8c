package dev.jubal.llama.scheduler;

import dev.jubal.llama.binding.Vocabulary;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * How much likelier a long free text is made to end, where the model alone would find no end: after
 * {@code EngineRequest.Limits#endFrom} tokens the odds of the end grow by a tenth with each token.
 * That is what transformers' ExponentialDecayLengthPenalty is for, but it counts only where a
 * sentence or a line is over, and, from twice as many tokens on, where a word is: a text is never
 * cut inside a word, and mostly ends where the model found it least unlikely.
 */
final class TextEnd {
  /** Added to the logit of the end for each token; e^0.1 is 1.105. */
  private static final float RISE = 0.1f;

  /** The tokens before the end that are looked at: enough for the number of an item and a line. */
  private static final int TAIL = 8;

  private static final String SENTENCE_ENDS = ".!?\u2026\u3002\uff01\uff1f";
  private static final String CLOSING = "\"')]*_\u201d\u2019\u00bb";

  private TextEnd() {}

  /**
   * What is added to the logit of the end before a token.
   *
   * @param from from how many tokens on the end becomes likelier
   * @param next the token that the model would say instead
   * @return 0 where the text may not end
   */
  static float pull(Choice choice, int from, int next, Vocabulary vocabulary) {
    String tail = tail(choice, vocabulary);
    String piece = new String(vocabulary.piece(next), StandardCharsets.UTF_8);
    int since = sentenceOver(tail, piece) ? from : wordOver(tail, piece) ? 2 * from : -1;
    return since < 0 ? 0 : Math.max(0, choice.generated() - since) * RISE;
  }

  /** Whether a sentence or a line is over before {@code next}. */
  static boolean sentenceOver(String tail, String next) {
    if (next.startsWith("\n") || tail.endsWith("\n")) {
      return !itemBegins(tail.stripTrailing());
    }
    String closed = tail;
    while (!closed.isEmpty() && CLOSING.indexOf(closed.charAt(closed.length() - 1)) >= 0) {
      closed = closed.substring(0, closed.length() - 1);
    }
    boolean said =
        !closed.isEmpty() && SENTENCE_ENDS.indexOf(closed.charAt(closed.length() - 1)) >= 0;
    return said && startsApart(next) && !itemBegins(closed);
  }

  /** Whether a text ends with the number of an item, such as "3.", that has no text yet. */
  private static boolean itemBegins(String text) {
    int at = text.length();
    if (at == 0 || text.charAt(at - 1) != '.') {
      return false;
    }
    at--;
    int digits = at;
    while (at > 0 && Character.isDigit(text.charAt(at - 1))) {
      at--;
    }
    return at < digits && (at == 0 || text.charAt(at - 1) == '\n');
  }

  /** Whether a word is over before {@code next}, and what stands there can be the last one. */
  static boolean wordOver(String tail, String next) {
    if (tail.isEmpty() || tail.endsWith("\ufffd") || next.startsWith("\ufffd")) {
      return false;
    }
    int last = tail.codePointBefore(tail.length());
    return Character.isLetterOrDigit(last) && (startsApart(next) || Character.isIdeographic(last));
  }

  private static boolean startsApart(String next) {
    return !next.isEmpty() && !Character.isLetterOrDigit(next.codePointAt(0));
  }

  private static String tail(Choice choice, Vocabulary vocabulary) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int[] answer = choice.answer();
    for (int i = Math.max(0, choice.generated() - TAIL); i < choice.generated(); i++) {
      if (!vocabulary.isControl(answer[i])) {
        bytes.writeBytes(vocabulary.piece(answer[i]));
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
