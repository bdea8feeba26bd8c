package dev.jubal.inference.memory;

import dev.jubal.inference.Item;
import dev.jubal.inference.Role;
import java.util.ArrayList;
import java.util.List;

/**
 * A conversation divided for compaction.
 *
 * @param instructions messages of the system and the developer, wherever they stood
 * @param older what a summary can stand for; empty when that would save nothing
 * @param recent the last turns: two of the user, or fewer when they are long
 */
record RecentTurns(List<Item> instructions, List<Item> older, List<Item> recent) {
  private static final int TURNS = 2;
  private static final int RECENT_CHARS = 1000;

  /** A summary of less is hardly shorter than what it stands for. */
  private static final int LEAST_OLDER_CHARS = 300;

  static RecentTurns of(List<Item> items) {
    List<Item> instructions = new ArrayList<>();
    List<Item> said = new ArrayList<>();
    items.forEach(i -> (instructs(i) ? instructions : said).add(i));
    int start = whole(said, start(said));
    List<Item> older = said.subList(0, start);
    return chars(older) < LEAST_OLDER_CHARS
        ? new RecentTurns(instructions, List.of(), said)
        : new RecentTurns(instructions, older, said.subList(start, said.size()));
  }

  private static boolean instructs(Item item) {
    return item instanceof Item.Message m
        && (m.role() == Role.SYSTEM || m.role() == Role.DEVELOPER);
  }

  /** Where the recent part begins: at a quarter of all, or at the second last turn. */
  private static int start(List<Item> said) {
    long most = Math.max(RECENT_CHARS, chars(said) / 4);
    long size = 0;
    int turns = 0;
    int start = said.size();
    while (start > 0 && turns < TURNS) {
      Item item = said.get(start - 1);
      size += chars(item);
      if (size > most && start < said.size()) {
        return start;
      }
      start--;
      if (item instanceof Item.Message m && m.role() == Role.USER) {
        turns++;
      }
    }
    return start;
  }

  /** Moved back so that no output stands without its call, and no call without its thought. */
  private static int whole(List<Item> said, int from) {
    int start = from;
    for (int i = said.size() - 1; i >= 0; i--) {
      if (i >= start && said.get(i) instanceof Item.FunctionCallOutput o) {
        start = Math.min(start, call(said, o.callId(), i));
      }
    }
    while (start > 0 && start < said.size() && said.get(start - 1) instanceof Item.Reasoning) {
      start--;
    }
    return start;
  }

  private static int call(List<Item> said, String callId, int output) {
    for (int i = output - 1; i >= 0; i--) {
      if (said.get(i) instanceof Item.FunctionCall c && c.callId().equals(callId)) {
        return i;
      }
    }
    return output;
  }

  static long chars(List<Item> items) {
    return items.stream().mapToLong(RecentTurns::chars).sum();
  }

  private static long chars(Item item) {
    return switch (item) {
      case Item.Message m -> m.text().length();
      case Item.FunctionCall c -> (long) c.name().length() + c.arguments().length();
      case Item.FunctionCallOutput o -> o.output().length();
      case Item.Reasoning r -> r.text().length();
    };
  }
}
