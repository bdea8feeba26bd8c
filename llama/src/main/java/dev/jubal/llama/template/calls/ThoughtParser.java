package dev.jubal.llama.template.calls;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds the thought at the beginning of an answer as it arrives, however it is cut. Tags further on
 * are text. White space around the tags is left out. Not thread-safe.
 */
public final class ThoughtParser {
  private enum State {
    /** White space at most was read. */
    BEFORE,
    WITHIN,
    /** After a thought, whose white space is left out. */
    AFTER,
    /** Nothing but text follows. */
    TEXT
  }

  private final ThoughtTags tags;
  private final StringBuilder held = new StringBuilder();
  private State state = State.BEFORE;
  private boolean begun;

  public ThoughtParser(ThoughtTags tags) {
    this.tags = tags;
  }

  /** Takes more of the answer. */
  public List<ThoughtPart> feed(String text) {
    held.append(text);
    List<ThoughtPart> parts = new ArrayList<>();
    boolean more = true;
    while (more) {
      more =
          switch (state) {
            case BEFORE -> before();
            case WITHIN -> within(parts);
            case AFTER -> after();
            case TEXT -> give(parts);
          };
    }
    return parts;
  }

  /** The answer is over: gives what was held back; a thought that was cut ends here. */
  public List<ThoughtPart> end() {
    List<ThoughtPart> parts = new ArrayList<>();
    if (state == State.WITHIN) {
      think(held.length(), parts);
      parts.add(new ThoughtPart.Finished());
    } else if (state == State.BEFORE) {
      var _ = give(parts);
    }
    held.setLength(0);
    return parts;
  }

  private boolean before() {
    String rest = held.toString().stripLeading();
    if (rest.startsWith(tags.opening())) {
      held.delete(0, held.length() - rest.length() + tags.opening().length());
      state = State.WITHIN;
      return true;
    }
    if (tags.opening().startsWith(rest)) {
      return false;
    }
    state = State.TEXT;
    return true;
  }

  private boolean within(List<ThoughtPart> parts) {
    int end = held.indexOf(tags.closing());
    if (end >= 0) {
      think(HeldText.blanksBefore(held, end), parts);
      parts.add(new ThoughtPart.Finished());
      held.delete(0, held.indexOf(tags.closing()) + tags.closing().length());
      state = State.AFTER;
      return true;
    }
    think(
        HeldText.blanksBefore(held, held.length() - HeldText.beginning(held, tags.closing())),
        parts);
    return false;
  }

  private void think(int length, List<ThoughtPart> parts) {
    String text = held.substring(0, length);
    held.delete(0, length);
    String said = begun ? text : text.stripLeading();
    begun |= !said.isEmpty();
    if (!said.isEmpty()) {
      parts.add(new ThoughtPart.Thought(said));
    }
  }

  private boolean after() {
    String rest = held.toString().stripLeading();
    held.delete(0, held.length() - rest.length());
    if (rest.isEmpty()) {
      return false;
    }
    state = State.TEXT;
    return true;
  }

  private boolean give(List<ThoughtPart> parts) {
    if (!held.isEmpty()) {
      parts.add(new ThoughtPart.Text(held.toString()));
      held.setLength(0);
    }
    return false;
  }
}
