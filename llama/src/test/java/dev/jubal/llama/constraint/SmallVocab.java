package dev.jubal.llama.constraint;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A vocabulary of all bytes but 0xF1 to 0xF3, some longer tokens, and control tokens. */
final class SmallVocab {
  static final String CALL = "<|call|>";
  static final String END_CALL = "<|end_call|>";

  private static final List<String> LONGER =
      List.of(
          "\": ",
          "\", \"",
          "{\"",
          "\"}",
          "\": \"",
          "\": {\"",
          "}, {\"",
          "], \"",
          "[{\"",
          ", ",
          "true",
          "false",
          "null",
          "name",
          "na",
          "am",
          "me",
          "the",
          " the",
          "ing",
          "12",
          "123",
          "00",
          "0.5",
          "-1",
          "e1",
          "é",
          "日本",
          "😀",
          "\\n",
          "\\\"",
          "\\u",
          "\\u00",
          "a\"",
          "b\": ",
          "\"a\": ",
          "\"a\", \"",
          "abc",
          "<tool_call>",
          "tool",
          "_call>",
          "<",
          "{\"name\": \"",
          "\"]",
          "\"}]",
          "}}",
          "]}");

  private final List<byte[]> pieces = new ArrayList<>();
  private final int control;
  private final int end;
  private final Vocab vocab;

  SmallVocab() {
    for (int b = 0; b < 256; b++) {
      if (b < 0xF1 || b > 0xF3) {
        pieces.add(new byte[] {(byte) b});
      }
    }
    LONGER.forEach(text -> pieces.add(text.getBytes(StandardCharsets.UTF_8)));
    pieces.add(new byte[] {(byte) 0xF0, (byte) 0x9F});
    control = pieces.size();
    pieces.add(CALL.getBytes(StandardCharsets.UTF_8));
    pieces.add(END_CALL.getBytes(StandardCharsets.UTF_8));
    end = pieces.size();
    pieces.add("<|end|>".getBytes(StandardCharsets.UTF_8));
    vocab = new Vocab(pieces.size(), pieces::get, t -> t >= control && t < end, t -> t == end);
  }

  Vocab vocab() {
    return vocab;
  }

  int end() {
    return end;
  }

  int control(String name) {
    return name.equals(CALL) ? control : control + 1;
  }

  byte[] piece(int token) {
    return pieces.get(token);
  }

  /** The token of a single byte. */
  int octet(int octet) {
    for (int token = 0; token < control; token++) {
      if (pieces.get(token).length == 1 && (pieces.get(token)[0] & 255) == octet) {
        return token;
      }
    }
    throw new AssertionError("no token for byte " + octet);
  }

  /** Whether a matcher takes a text, byte by byte; it stands behind the text then. */
  boolean takes(Matcher matcher, String text) {
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (!matcher.advance(octet(b & 255))) {
        return false;
      }
    }
    return true;
  }

  /** Whether a text is a complete answer of a form. */
  boolean accepts(CompiledForm form, String text) {
    Matcher matcher = form.matcher(vocab);
    return takes(matcher, text) && matcher.mayEnd();
  }
}
