package dev.jubal.api.complete;

import dev.jubal.inference.Item;
import dev.jubal.inference.Prompt;
import dev.jubal.inference.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The conversation that a text holds in the old form: turns that begin with an empty line and
 * {@code Human:} or {@code Assistant:}, and at the end an assistant's turn that says nothing yet.
 * It is put into the model's own template, as the model knows no such text; what stands before the
 * first turn is the system's.
 */
final class HumanTurns {
  private static final Pattern TURN = Pattern.compile("(?:^|\n\n)(Human|Assistant):");

  private HumanTurns() {}

  /** The conversation, or the text itself when it holds none. */
  static Prompt of(String text) {
    Matcher turn = TURN.matcher(text);
    if (!turn.find()) {
      return new Prompt.Text(text);
    }
    List<Item> items = new ArrayList<>();
    add(items, Role.SYSTEM, text.substring(0, turn.start()));
    boolean asked = false;
    boolean open = true;
    while (open) {
      Role role = turn.group(1).equals("Human") ? Role.USER : Role.ASSISTANT;
      asked |= role == Role.USER;
      int start = turn.end();
      open = turn.find();
      String said = text.substring(start, open ? turn.start() : text.length());
      if (!open && (role == Role.USER || !said.isBlank() || !asked)) {
        return new Prompt.Text(text); // nobody's turn, or one that has begun
      }
      add(items, role, said);
    }
    return new Prompt.Conversation(items);
  }

  private static void add(List<Item> items, Role role, String text) {
    if (!text.isBlank()) {
      items.add(Item.Message.text(role, text.strip()));
    }
  }
}
