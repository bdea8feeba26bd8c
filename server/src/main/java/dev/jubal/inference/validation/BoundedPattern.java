package dev.jubal.inference.validation;

import com.networknt.schema.regex.RegularExpression;
import java.util.regex.Pattern;

/**
 * A pattern of a schema. Some patterns take exponential time on some texts: this one gives up after
 * a number of looks at characters.
 */
final class BoundedPattern implements RegularExpression {
  private static final int MOST_LOOKS = 2_000_000;

  private final Pattern pattern;

  /** A pattern; its end of line is the end of the text, as in ECMA-262, never before a line end. */
  BoundedPattern(String regex) {
    boolean anchored = regex.endsWith("$") && !regex.endsWith("\\$");
    this.pattern =
        Pattern.compile(anchored ? regex.substring(0, regex.length() - 1) + "\\z" : regex);
  }

  @Override
  public boolean matches(String value) {
    try {
      return pattern.matcher(new Text(value, new int[1], 0, value.length())).find();
    } catch (StackOverflowError e) {
      throw new Exceeded();
    }
  }

  /** The pattern took too long. */
  static final class Exceeded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Exceeded() {
      super("a pattern looked at more than " + MOST_LOOKS + " characters", null, false, false);
    }
  }

  /** A text that counts how often it is looked at, its parts with it. */
  private record Text(String value, int[] looks, int from, int to) implements CharSequence {
    @Override
    public char charAt(int index) {
      if (looks[0]++ > MOST_LOOKS) {
        throw new Exceeded();
      }
      return value.charAt(from + index);
    }

    @Override
    public int length() {
      return to - from;
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new Text(value, looks, from + start, from + end);
    }

    @Override
    public String toString() {
      return value.substring(from, to);
    }
  }
}
