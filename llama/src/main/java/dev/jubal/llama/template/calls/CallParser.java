package dev.jubal.llama.template.calls;

import dev.jubal.llama.CallSyntax;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the calls in the text of one answer as it arrives, however it is cut. What is not written
 * as the syntax says is text; white space before calls is left out. Not thread-safe.
 */
public final class CallParser {
  private static final int LONGEST_NAME = 256;

  private enum State {
    /** Text, in which calls may begin. */
    TEXT,
    /** Nothing but text follows. */
    ONLY_TEXT,
    /** Within a name. */
    NAME,
    /** Within arguments. */
    ARGUMENTS,
    /** After arguments. */
    AFTER,
    /** After a call. */
    BETWEEN,
    /** After the last call. */
    OVER
  }

  private final String start;
  private final String beforeArguments;
  private final String afterArguments;
  private final String between;
  private final String closing;
  private final boolean anywhere;

  private final StringBuilder held = new StringBuilder();
  private final JsonObjectEnd arguments = new JsonObjectEnd();
  private State state = State.TEXT;

  /** What was read before the name that is being read. */
  private String taken = "";

  private boolean begun;
  private int calls;

  public CallParser(CallSyntax syntax) {
    String beforeName = Family.text(syntax.beforeName());
    start = Family.text(syntax.opening()) + beforeName;
    beforeArguments = Family.text(syntax.beforeArguments());
    afterArguments = Family.text(syntax.afterArguments());
    between = Family.text(syntax.between()) + beforeName;
    closing = Family.text(syntax.closing());
    anywhere = syntax.anywhere();
  }

  /** How many calls have begun. */
  public int calls() {
    return calls;
  }

  /** Takes more of the answer. */
  public List<CallPart> feed(String text) {
    held.append(text);
    List<CallPart> parts = new ArrayList<>();
    boolean more = true;
    while (more) {
      more =
          switch (state) {
            case TEXT -> text(parts);
            case ONLY_TEXT -> give(held.length(), parts);
            case OVER ->
                HeldText.blanksBefore(held, held.length()) > 0 && give(held.length(), parts);
            case NAME -> name(parts);
            case ARGUMENTS -> arguments(parts);
            case AFTER -> after(parts);
            case BETWEEN -> between();
          };
    }
    return parts;
  }

  /** The answer is over: gives what was held back. Of a call that was cut, nothing is given. */
  public List<CallPart> end() {
    List<CallPart> parts = new ArrayList<>();
    if (state == State.TEXT) {
      give(held.length(), parts);
    }
    held.setLength(0);
    return parts;
  }

  private boolean give(int length, List<CallPart> parts) {
    if (length > 0) {
      parts.add(new CallPart.Text(held.substring(0, length)));
      held.delete(0, length);
      begun = true;
    }
    return false;
  }

  private boolean text(List<CallPart> parts) {
    int at = held.indexOf(start);
    if (!anywhere) {
      return whole();
    }
    if (at < 0) {
      return give(
          HeldText.blanksBefore(held, held.length() - HeldText.beginning(held, start)), parts);
    }
    give(HeldText.blanksBefore(held, at), parts);
    take(held.indexOf(start) + start.length());
    return true;
  }

  /** What stands before a name. */
  private void take(int length) {
    taken = held.substring(0, length);
    held.delete(0, length);
    state = State.NAME;
  }

  /** Where calls stand alone: what does not begin with one is text to its end. */
  private boolean whole() {
    int at = 0;
    while (at < held.length() && Character.isWhitespace(held.charAt(at))) {
      at++;
    }
    String rest = held.substring(at);
    if (!begun && rest.startsWith(start)) {
      take(at + start.length());
      return true;
    }
    if (!begun && start.startsWith(rest)) {
      return false;
    }
    state = State.ONLY_TEXT;
    return true;
  }

  private boolean name(List<CallPart> parts) {
    int end = held.indexOf(beforeArguments);
    if (end < 0 || beforeArguments.isEmpty()) {
      return held.length() > LONGEST_NAME + beforeArguments.length() && asText(parts);
    }
    String name = held.substring(0, end);
    if (name.isEmpty() || name.length() > LONGEST_NAME || name.indexOf('\n') >= 0) {
      return asText(parts);
    }
    int next = end + beforeArguments.length();
    if (next == held.length()) {
      return false;
    }
    if (held.charAt(next) != '{') {
      return asText(parts);
    }
    held.delete(0, next);
    parts.add(new CallPart.Started(calls++, name));
    arguments.reset();
    state = State.ARGUMENTS;
    return true;
  }

  /** What looked like a call is none. */
  private boolean asText(List<CallPart> parts) {
    parts.add(new CallPart.Text(taken));
    begun = true;
    state = State.TEXT;
    return true;
  }

  private boolean arguments(List<CallPart> parts) {
    int end = arguments.end(held);
    int length = end < 0 ? held.length() : end;
    if (length > 0) {
      parts.add(new CallPart.Arguments(calls - 1, held.substring(0, length)));
      held.delete(0, length);
    }
    if (end >= 0) {
      state = State.AFTER;
    }
    return end >= 0;
  }

  private boolean after(List<CallPart> parts) {
    if (starts(afterArguments)) {
      held.delete(0, afterArguments.length());
      parts.add(new CallPart.Finished(calls - 1));
      state = State.BETWEEN;
      return true;
    }
    if (mayStart(afterArguments)) {
      return false;
    }
    state = State.OVER;
    return true;
  }

  private boolean between() {
    if (starts(between)) {
      take(between.length());
      return true;
    }
    if (mayStart(between)) {
      return false;
    }
    if (starts(closing)) {
      held.delete(0, closing.length());
      state = State.OVER;
      return true;
    }
    if (mayStart(closing)) {
      return false;
    }
    state = State.OVER;
    return true;
  }

  private boolean starts(String wanted) {
    return held.length() >= wanted.length() && held.indexOf(wanted) == 0;
  }

  private boolean mayStart(String wanted) {
    return held.length() < wanted.length() && wanted.startsWith(held.toString());
  }
}
