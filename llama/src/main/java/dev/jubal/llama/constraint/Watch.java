package dev.jubal.llama.constraint;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jubal.llama.constraint.automaton.Leaf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads along what a choice writes and sees to what no automaton of bounded size can: that an
 * object has no key twice, and an array of different items no item twice. It vetoes the byte that
 * would complete a repetition, and text that can only become one.
 *
 * <p>Everything but the text is immutable and linked, so that a token can be tried and taken back.
 */
final class Watch {
  private static final int STRUCTURE = 0;
  private static final int STRING = 1;
  private static final int ESCAPE = 2;

  /**
   * A text that has been, and those before it.
   *
   * @param count how many they are
   * @param escaped whether any of them spells a character with a backslash
   */
  private record Seen(
      byte[] text, Object value, int count, boolean escaped, @Nullable Seen before) {}

  /**
   * An open bracket.
   *
   * @param key whether a key is expected or being written
   * @param start where the key or item being written begins in the text; -1 if none is
   */
  private record Frame(
      @Nullable Frame outer,
      boolean object,
      boolean unique,
      boolean key,
      int start,
      @Nullable Seen seen) {

    Frame at(boolean nowKey, int nowStart) {
      return new Frame(outer, object, unique, nowKey, nowStart, seen);
    }

    Frame with(Seen more) {
      return new Frame(outer, object, unique, false, -1, more);
    }
  }

  /** A place to go back to. */
  record Mark(@Nullable Object top, int mode, int length) {}

  private byte[] text;
  private int length;
  private int mode = STRUCTURE;
  private @Nullable Frame top;

  Watch() {
    this.text = new byte[256];
  }

  private Watch(Watch other) {
    this.text = Arrays.copyOf(other.text, Math.max(256, other.length * 2));
    this.length = other.length;
    this.mode = other.mode;
    this.top = other.top;
  }

  Watch copy() {
    return new Watch(this);
  }

  Mark mark() {
    return new Mark(top, mode, length);
  }

  void back(Mark mark) {
    top = (Frame) mark.top;
    mode = mark.mode;
    length = mark.length;
  }

  /** Forgets everything: the text is no longer that of a JSON value. */
  void reset() {
    top = null;
    mode = STRUCTURE;
    length = 0;
  }

  /**
   * The tokens that may complete a repetition, or leave nothing else.
   *
   * @param mask the tokens that are legal but for this
   */
  long[] suspects(Machine machine, ConfigSet set, long[] mask) {
    Crossing crossing = machine.vocab().crossing();
    boolean different = false;
    boolean any = false;
    for (Frame frame = top; frame != null; frame = frame.outer) {
      different |= frame.unique;
      any |= frame.seen != null && (frame.object || frame.unique);
    }
    if (!inString()) {
      return any ? mask : crossing.commas;
    }
    if (!any) {
      return different ? crossing.strings : crossing.members;
    }
    return inside(machine, set, mask, different);
  }

  /**
   * Inside a string: the tokens that go on like something that has been, and those that end the
   * string and hold more; where few texts are left also those that spell in another way.
   */
  private long[] inside(Machine machine, ConfigSet set, long[] mask, boolean different) {
    Crossing crossing = machine.vocab().crossing();
    long[] suspects = new long[mask.length];
    boolean escaped = false;
    for (Frame frame = top; frame != null; frame = frame.outer) {
      int begun = length - frame.start;
      for (Seen seen = frame.seen; seen != null && frame.start >= 0; seen = seen.before) {
        if (begins(seen, frame, begun)) {
          machine.vocab().trie().along(seen.text, begun, frame.object ? '"' : -1, suspects);
        }
      }
      escaped |= frame.unique && frame.start >= 0 && escapes(frame);
    }
    boolean few = machine.texts(set) < Leaf.FAR;
    if (few && escaped) {
      return mask;
    }
    add(suspects, different ? crossing.quotes : crossing.strings);
    if (few && different) {
      add(suspects, crossing.escapes);
    }
    return suspects;
  }

  private static void add(long[] bits, long[] more) {
    for (int i = 0; i < bits.length; i++) {
      bits[i] |= more[i];
    }
  }

  /** Whether the text stands inside a string. */
  boolean inString() {
    return mode != STRUCTURE;
  }

  /**
   * Reads a byte that the automaton has taken.
   *
   * @return false if it completes a repetition; the watch must be taken back then
   */
  boolean takes(Machine machine, ConfigSet before, int octet, ConfigSet after) {
    if (machine.outside(after)) {
      reset();
      return true;
    }
    return read(octet, octet == '[' && machine.opensUnique(before));
  }

  /**
   * Reads a byte that the automaton has taken.
   *
   * @param opensUnique whether, if it is a bracket, it opens an array of different items
   * @return false if it completes a repetition; the watch must be taken back then
   */
  private boolean read(int octet, boolean opensUnique) {
    if (length == text.length) {
      text = Arrays.copyOf(text, length * 2);
    }
    text[length++] = (byte) octet;
    if (mode == ESCAPE) {
      mode = STRING;
      return true;
    }
    if (mode == STRING) {
      if (octet == '\\') {
        mode = ESCAPE;
      }
      return octet != '"' || stringEnds();
    }
    return structure(octet, opensUnique);
  }

  private boolean stringEnds() {
    mode = STRUCTURE;
    Frame frame = top;
    if (frame != null && frame.object && frame.key) {
      return complete(frame, length - 1);
    }
    return frame == null || !frame.unique || complete(frame, length);
  }

  private boolean structure(int octet, boolean opensUnique) {
    Frame frame = top;
    switch (octet) {
      case '{', '[' -> {
        begin(frame, length - 1);
        top = new Frame(top, octet == '{', opensUnique && octet == '[', octet == '{', -1, null);
      }
      case '"' -> {
        mode = STRING;
        if (frame != null && frame.object && frame.key) {
          top = frame.at(true, length);
        } else {
          begin(frame, length - 1);
        }
      }
      case ':' -> top = frame == null ? null : frame.at(false, -1);
      case ',' -> {
        if (frame != null && !ended(frame)) {
          return false;
        }
        Frame now = top;
        top = now == null ? null : now.at(now.object, -1);
      }
      case '}', ']' -> {
        if (frame == null || !ended(frame)) {
          return frame == null;
        }
        top = frame.outer;
        Frame around = top;
        return around == null || !around.unique || complete(around, length);
      }
      case ' ' -> {}
      default -> begin(frame, length - 1);
    }
    return true;
  }

  /** Notes that an item of an array of different items begins. */
  private void begin(@Nullable Frame frame, int at) {
    if (frame != null && frame.unique && frame.start < 0) {
      top = frame.at(false, at);
    }
  }

  /** A comma or bracket ends a number or literal, if one is being written. */
  private boolean ended(Frame frame) {
    return !frame.unique || frame.start < 0 || complete(frame, length - 1);
  }

  /** A key or item is complete; false if there has been one like it. */
  private boolean complete(Frame frame, int end) {
    byte[] written = Arrays.copyOfRange(text, frame.start, end);
    // Keys are spelled in one way only.
    Object value = frame.unique ? JsonValue.of(written) : new String(written, UTF_8);
    for (Seen seen = frame.seen; seen != null; seen = seen.before) {
      if (value.equals(seen.value)) {
        return false;
      }
    }
    int count = frame.seen == null ? 1 : frame.seen.count + 1;
    top = frame.with(new Seen(written, value, count, escapes(frame), frame.seen));
    return true;
  }

  /** Whether what is being written can only become something that has been. */
  boolean exhausted(Machine machine, ConfigSet set) {
    Frame outermost = null;
    boolean innermost = true;
    for (Frame frame = top; frame != null; frame = frame.outer) {
      outermost = same(frame, innermost) > 0 ? frame : outermost;
      innermost = false;
    }
    return outermost != null && !new Search(this, machine).finds(set, depth(outermost));
  }

  /** How many open brackets there are up to one, which is counted. */
  private static int depth(@Nullable Frame of) {
    int depth = 0;
    for (Frame frame = of; frame != null; frame = frame.outer) {
      depth++;
    }
    return depth;
  }

  /** How many keys or items have been completed in the bracket at a depth; -1 if it is closed. */
  int completed(int depth) {
    int above = depth(top) - depth;
    Frame frame = top;
    for (int i = 0; i < above && frame != null; i++) {
      frame = frame.outer;
    }
    if (above < 0 || frame == null) {
      return -1;
    }
    return frame.seen == null ? 0 : frame.seen.count;
  }

  /** Whether more texts can follow in a string than there have been. */
  boolean surelyNew(Machine machine, ConfigSet set) {
    if (!inString()) {
      return false;
    }
    long same = 0;
    boolean innermost = true;
    for (Frame frame = top; frame != null; frame = frame.outer) {
      same += same(frame, innermost);
      innermost = false;
    }
    return machine.texts(set) > same;
  }

  /** How many of the texts that have been the one being written may become like, at most. */
  private int same(Frame frame, boolean innermost) {
    boolean awaited = innermost && awaits();
    if (!(frame.unique || (frame.object && frame.key)) || (frame.start < 0 && !awaited)) {
      return 0;
    }
    int begun = frame.start < 0 ? 0 : length - frame.start;
    boolean spelled = begun > 0 && spelled(frame);
    int count = 0;
    for (Seen seen = frame.seen; seen != null; seen = seen.before) {
      count += spelled || begins(seen, frame, begun) ? 1 : 0;
    }
    return count;
  }

  /**
   * Whether an item that is being written can be equal to one that begins in another way: by an
   * escape, another spelling of a number, or another order of keys.
   */
  private boolean spelled(Frame frame) {
    return frame.unique && (text[frame.start] != '"' || escapes(frame));
  }

  /** Whether an item, or one before it, spells a character with a backslash. */
  private boolean escapes(Frame frame) {
    return (frame.seen != null && frame.seen.escaped) || has(text, frame.start, length, '\\');
  }

  private static boolean has(byte[] text, int from, int to, int octet) {
    for (int i = from; i < to; i++) {
      if (text[i] == octet) {
        return true;
      }
    }
    return false;
  }

  /** Whether a comma has been read and no item begun. */
  private boolean awaits() {
    return length > 0 && (text[length - 1] == ',' || text[length - 1] == ' ');
  }

  private boolean begins(Seen seen, Frame frame, int begun) {
    int start = Math.max(frame.start, 0);
    return seen.text.length >= begun
        && Arrays.equals(seen.text, 0, begun, text, start, start + begun);
  }
}
