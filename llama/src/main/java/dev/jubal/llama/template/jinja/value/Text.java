package dev.jubal.llama.template.jinja.value;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A text that remembers which of its characters the template wrote (trusted) and which came from
 * the variables of a conversation, through every cut, join and replacement. Where a change cannot
 * be followed by place, its whole result is trusted only if all of its source was.
 */
public final class Text implements Value {
  private static final int[] NO_CUTS = {};
  private static final int[] FOREIGN = {0};

  /** The empty text. */
  public static final Text EMPTY = new Text("", NO_CUTS, false);

  private final String string;

  /** Where trust flips, rising; the text begins trusted. */
  private final int[] cuts;

  private final boolean markup;

  private Text(String string, int[] cuts, boolean markup) {
    this.string = string;
    this.cuts = cuts;
    this.markup = markup;
  }

  /** A text of the template's own. */
  public static Text literal(String string) {
    return new Text(string, NO_CUTS, false);
  }

  /** A text from outside. */
  public static Text foreign(String string) {
    return string.isEmpty() ? EMPTY : new Text(string, FOREIGN, false);
  }

  static Text of(String string, int[] cuts) {
    return new Text(string, cuts, false);
  }

  public String string() {
    return string;
  }

  int[] cuts() {
    return cuts;
  }

  /** Whether the template wrote all of it. */
  public boolean trusted() {
    return cuts.length == 0;
  }

  /** Whether it counts as HTML already escaped. */
  public boolean markup() {
    return markup;
  }

  /** The same text as HTML already escaped, or not. */
  public Text markup(boolean escaped) {
    return escaped == markup ? this : new Text(string, cuts, escaped);
  }

  /** A text made from this one: trusted, and markup, only if this one is. */
  public Text derived(String made) {
    int[] flips = cuts.length == 0 || made.isEmpty() ? NO_CUTS : FOREIGN;
    return new Text(made, flips, markup);
  }

  /** A text made from this one character by character; as {@link #derived} if lengths differ. */
  public Text mapped(String made) {
    return made.length() == string.length() ? new Text(made, cuts, markup) : derived(made);
  }

  /** The characters from one UTF-16 offset to another. */
  public Text slice(int from, int to) {
    if (from == 0 && to == string.length()) {
      return this;
    }
    String part = string.substring(from, to);
    if (cuts.length == 0 || part.isEmpty()) {
      return new Text(part, NO_CUTS, markup);
    }
    int[] flips = new int[cuts.length + 1];
    int count = 0;
    int next = 0;
    while (next < cuts.length && cuts[next] <= from) {
      next++;
    }
    if ((next & 1) == 1) {
      flips[count++] = 0;
    }
    while (next < cuts.length && cuts[next] < to) {
      flips[count++] = cuts[next++] - from;
    }
    return new Text(part, count == 0 ? NO_CUTS : Arrays.copyOf(flips, count), markup);
  }

  /** The characters from a UTF-16 offset on. */
  public Text slice(int from) {
    return slice(from, string.length());
  }

  /** Takes stretches of a text in order. */
  @FunctionalInterface
  public interface Runs {
    void run(String part, boolean trusted);
  }

  /** Gives its stretches in order: the template's own, and those from outside. */
  public void runs(Runs runs) {
    int from = 0;
    for (int i = 0; i <= cuts.length; i++) {
      int to = i < cuts.length ? cuts[i] : string.length();
      if (to > from) {
        runs.run(string.substring(from, to), (i & 1) == 0);
      }
      from = to;
    }
  }

  /** Number of characters as Python counts them: code points. */
  public int points() {
    return string.codePointCount(0, string.length());
  }

  /** The UTF-16 offset of a character, which may be the end. */
  int offset(int point) {
    return string.offsetByCodePoints(0, point);
  }

  @Override
  public String type() {
    return markup ? "Markup" : "str";
  }

  @Override
  public boolean truth() {
    return !string.isEmpty();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Text text && text.string.equals(string);
  }

  @Override
  public int hashCode() {
    return string.hashCode();
  }

  @Override
  public String toString() {
    return string;
  }
}
