package dev.jubal.inference.memory;

import dev.jubal.inference.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A conversation as plain text, for a model that is to summarise it. */
final class Transcripts {
  private Transcripts() {}

  /** In pieces of at most so many characters; an item that is longer is cut. */
  static List<String> pieces(List<Item> items, int most) {
    List<String> pieces = new ArrayList<>();
    StringBuilder piece = new StringBuilder();
    for (Item item : items) {
      String line = line(item);
      for (int from = 0; from < line.length(); from += most) {
        String part = line.substring(from, Math.min(line.length(), from + most));
        if (!piece.isEmpty() && piece.length() + part.length() > most) {
          pieces.add(piece.toString());
          piece.setLength(0);
        }
        piece.append(part);
      }
    }
    if (!piece.isEmpty()) {
      pieces.add(piece.toString());
    }
    return pieces;
  }

  private static String line(Item item) {
    return switch (item) {
      case Item.Message m -> m.role().name().toLowerCase(Locale.ROOT) + ": " + said(m) + "\n";
      case Item.FunctionCall c -> "assistant calls " + c.name() + " " + c.arguments() + "\n";
      case Item.FunctionCallOutput o -> "the call gave: " + o.output() + "\n";
      case Item.Reasoning _ -> ""; // a thought served what was said after it
    };
  }

  private static String said(Item.Message message) {
    boolean picture = message.content().stream().anyMatch(Item.Part.Image.class::isInstance);
    return picture ? message.text() + " [with a picture]" : message.text();
  }
}
