package dev.jubal.llama.constraint;

import java.math.BigDecimal;
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

  /** After as many another digit has to come while there still may: numbers end after 20. */
  private static final int MOST_ZEROS = 12;

  /** A text that has been, and those before it. */
  private record Seen(byte[] text, @Nullable Object value, @Nullable Seen before) {}

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

  /** Whether there is anything yet that could be repeated. */
  boolean needed() {
    for (Frame frame = top; frame != null; frame = frame.outer) {
      if (frame.seen != null && (frame.object || frame.unique)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The tokens that may complete a repetition, or leave nothing else, when the text stands inside a
   * string: those that go on like something that has been, and those that end the string and hold
   * more.
   */
  long[] suspects(Vocab vocab) {
    boolean different = false;
    long[] suspects = new long[vocab.words()];
    for (Frame frame = top; frame != null; frame = frame.outer) {
      different |= frame.unique && frame.seen != null;
      int begun = length - frame.start;
      for (Seen seen = frame.seen; seen != null && frame.start >= 0; seen = seen.before) {
        if (begins(seen, frame, begun)) {
          vocab.trie().along(seen.text, begun, frame.object ? '"' : -1, suspects);
        }
      }
    }
    long[] quoted = vocab.quoted(different ? 1 : 2);
    for (int i = 0; i < suspects.length; i++) {
      suspects[i] |= quoted[i];
    }
    return suspects;
  }

  /** Whether the text stands inside a string. */
  boolean inString() {
    return mode != STRUCTURE;
  }

  /**
   * Reads a byte that the automaton has taken.
   *
   * @param opensUnique whether, if it is a bracket, it opens an array of different items
   * @return false if it completes a repetition; the watch must be taken back then
   */
  boolean read(int octet, boolean opensUnique) {
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
    Object value = frame.unique ? JsonValue.of(written) : null;
    for (Seen seen = frame.seen; seen != null; seen = seen.before) {
      if (value == null ? Arrays.equals(seen.text, written) : value.equals(seen.value)) {
        return false;
      }
    }
    top = frame.with(new Seen(written, value, frame.seen));
    return true;
  }

  /** Whether what is being written can only become something that has been. */
  boolean exhausted(Machine machine, ConfigSet set) {
    int boundary = 0;
    boolean innermost = true;
    for (Frame frame = top; frame != null; frame = frame.outer) {
      if (innermost && frame.object && frame.key && frame.seen != null) {
        int same = same(frame);
        if (same > 0 && machine.keys(set, frame.start >= 0) <= same) {
          return true;
        }
      }
      if (innermost && frame.unique && onlyZero(frame)) {
        return true;
      }
      if (frame.unique) {
        int same =
            frame.seen == null || (frame.start < 0 && !(innermost && awaits())) ? 0 : same(frame);
        if (same > 0 && machine.items(set, boundary, frame.start >= 0) <= same) {
          return true;
        }
        boundary++;
      }
      innermost = false;
    }
    return false;
  }

  /**
   * Whether a number is being written that will be zero however it goes on, and there has been a
   * zero: no exponent makes another number of it, and a fraction has an end.
   */
  private boolean onlyZero(Frame frame) {
    if (frame.start < 0 || mode != STRUCTURE || !hasZero(frame)) {
      return false;
    }
    int zeros = 0;
    for (int i = frame.start; i < length; i++) {
      switch (text[i]) {
        case '0' -> zeros++;
        case '-', '.' -> {}
        case 'e', 'E' -> {
          return true;
        }
        default -> {
          return false;
        }
      }
    }
    return zeros > MOST_ZEROS;
  }

  private static boolean hasZero(Frame frame) {
    for (Seen seen = frame.seen; seen != null; seen = seen.before) {
      if (seen.value instanceof BigDecimal number && number.signum() == 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether a comma has been read and no item begun. */
  private boolean awaits() {
    return length > 0 && (text[length - 1] == ',' || text[length - 1] == ' ');
  }

  /** How many texts that have been begin like the one being written. */
  private int same(Frame frame) {
    int begun = frame.start < 0 ? 0 : length - frame.start;
    int count = 0;
    for (Seen seen = frame.seen; seen != null; seen = seen.before) {
      count += begins(seen, frame, begun) ? 1 : 0;
    }
    return count;
  }

  private boolean begins(Seen seen, Frame frame, int begun) {
    int start = Math.max(frame.start, 0);
    return seen.text.length >= begun
        && Arrays.equals(seen.text, 0, begun, text, start, start + begun);
  }
}
