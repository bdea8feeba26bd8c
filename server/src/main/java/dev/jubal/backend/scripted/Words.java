package dev.jubal.backend.scripted;

import dev.jubal.inference.Backend.Token;
import dev.jubal.inference.Item;
import dev.jubal.inference.Prompt;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * The scripted backend's own idea of a token: a word and the white space before it. There is no
 * template, so a prompt has the tokens of its texts.
 */
final class Words {
  private Words() {}

  /** Tokens of a prompt, counted without making any. */
  static long count(Prompt prompt) {
    return switch (prompt) {
      case Prompt.Text t -> count(t.text());
      case Prompt.Conversation c -> {
        long sum = 0;
        for (Item item : c.items()) {
          sum += count(text(item));
        }
        yield sum;
      }
    };
  }

  /** The text that a script's {@code match} is looked for in. */
  static String last(Prompt prompt) {
    return switch (prompt) {
      case Prompt.Text t -> t.text();
      case Prompt.Conversation c -> {
        StringBuilder shown = new StringBuilder(text(c.items().getLast()));
        for (Item.Part part : Item.parts(c.items().getLast())) {
          if (part instanceof Item.Part.Image image) {
            shown.append('\n').append(image.url());
          }
        }
        yield shown.toString();
      }
    };
  }

  private static String text(Item item) {
    return switch (item) {
      case Item.Message m -> m.text();
      case Item.FunctionCall c -> c.arguments();
      case Item.FunctionCallOutput o -> o.output();
      case Item.Reasoning r -> r.text();
    };
  }

  static long count(String text) {
    long words = 0;
    boolean inWord = false;
    for (int i = 0; i < text.length(); i++) {
      boolean space = Character.isWhitespace(text.charAt(i));
      if (!space && !inWord) {
        words++;
      }
      inWord = !space;
    }
    return words == 0 && !text.isEmpty() ? 1 : words;
  }

  /** The tokens of a text; white space at its end belongs to the last one. */
  static List<Token> split(String text) {
    List<Token> tokens = new ArrayList<>();
    int lastWord = text.stripTrailing().length();
    int start = 0;
    for (int i = 1; i < lastWord; i++) {
      if (Character.isWhitespace(text.charAt(i)) && !Character.isWhitespace(text.charAt(i - 1))) {
        tokens.add(token(text.substring(start, i)));
        start = i;
      }
    }
    if (!text.isEmpty()) {
      tokens.add(token(text.substring(start)));
    }
    return tokens;
  }

  private static Token token(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    CRC32 id = new CRC32();
    id.update(bytes);
    return new Token((int) (id.getValue() & 0x7fff_ffff), text, bytes);
  }
}
