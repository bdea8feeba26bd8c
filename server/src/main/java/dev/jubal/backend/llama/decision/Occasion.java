package dev.jubal.backend.llama.decision;

import dev.jubal.inference.Item;
import dev.jubal.inference.Role;
import java.util.List;
import java.util.Optional;

/** What of a conversation is to be judged. */
final class Occasion {
  /** A text so short that it leans on what was said before, such as "And in Rome?". */
  private static final int LEANING_WORDS = 4;

  /** About what a window of 512 tokens holds; of a longer text its two ends tell what is wanted. */
  private static final int MOST = 1200;

  private Occasion() {}

  /** The text to judge; empty when the model has to answer, as the last word was not the user's. */
  static Optional<String> of(List<Item> items) {
    int last = items.size() - 1;
    if (last < 0 || !(items.get(last) instanceof Item.Message m) || m.role() != Role.USER) {
      return Optional.empty();
    }
    String said = m.text().strip();
    if (said.isEmpty()) {
      return Optional.empty();
    }
    if (said.split("\\s+", LEANING_WORDS + 1).length <= LEANING_WORDS && called(items)) {
      return Optional.of(cut(earlier(items.subList(0, last)) + " " + said));
    }
    return Optional.of(cut(said));
  }

  private static boolean called(List<Item> items) {
    return items.stream().anyMatch(Item.FunctionCall.class::isInstance);
  }

  private static String earlier(List<Item> items) {
    for (Item item : items.reversed()) {
      if (item instanceof Item.Message m && m.role() == Role.USER) {
        return m.text().strip();
      }
    }
    return "";
  }

  private static String cut(String text) {
    return text.length() <= MOST
        ? text
        : text.substring(0, MOST / 2) + " " + text.substring(text.length() - MOST / 2);
  }
}
