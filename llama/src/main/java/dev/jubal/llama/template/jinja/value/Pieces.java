package dev.jubal.llama.template.jinja.value;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts texts; every piece remembers where it came from. */
public final class Pieces {
  private Pieces() {}

  /** Without white space, or the characters given, at its ends. */
  public static Text stripped(Text text, @Nullable String characters, boolean left, boolean right) {
    String s = text.string();
    int from = 0;
    int to = s.length();
    while (left && from < to && strips(s.codePointAt(from), characters)) {
      from += Character.charCount(s.codePointAt(from));
    }
    while (right && to > from && strips(s.codePointBefore(to), characters)) {
      to -= Character.charCount(s.codePointBefore(to));
    }
    return text.slice(from, to);
  }

  private static boolean strips(int c, @Nullable String characters) {
    return characters == null ? Letters.space(c) : characters.indexOf(c) >= 0;
  }

  /** The pieces between separators, with at most so many cuts. */
  static List<Value> split(Text text, String separator, int cuts, boolean fromEnd, Meter meter) {
    String s = text.string();
    List<Value> pieces = new ArrayList<>();
    int from = 0;
    int to = s.length();
    while (pieces.size() < cuts) {
      meter.step();
      int at =
          fromEnd ? s.lastIndexOf(separator, to - separator.length()) : s.indexOf(separator, from);
      if (at < 0 || to - separator.length() < 0) {
        break;
      }
      if (fromEnd) {
        pieces.add(text.slice(at + separator.length(), to));
        to = at;
      } else {
        pieces.add(text.slice(from, at));
        from = at + separator.length();
      }
    }
    pieces.add(text.slice(from, to));
    if (fromEnd) {
      Collections.reverse(pieces);
    }
    return pieces;
  }

  /** The pieces between stretches of white space, with at most so many cuts. */
  static List<Value> words(Text text, int cuts, boolean fromEnd, Meter meter) {
    List<Value> words = new ArrayList<>();
    Text rest = stripped(text, null, !fromEnd, fromEnd);
    while (rest.truth()) {
      meter.step();
      String s = rest.string();
      int at = words.size() < cuts ? space(s, fromEnd) : -1;
      if (at < 0) {
        words.add(rest);
        break;
      }
      words.add(fromEnd ? rest.slice(at + 1) : rest.slice(0, at));
      Text remains = fromEnd ? rest.slice(0, at) : rest.slice(at);
      rest = stripped(remains, null, !fromEnd, fromEnd);
    }
    if (fromEnd) {
      Collections.reverse(words);
    }
    return words;
  }

  /** The first, or last, white space; none lies outside the first plane. */
  private static int space(String s, boolean last) {
    for (int i = 0; i < s.length(); i++) {
      int at = last ? s.length() - 1 - i : i;
      if (Letters.space(s.charAt(at))) {
        return at;
      }
    }
    return -1;
  }

  /** The lines, with or without their ends. */
  public static List<Value> lines(Text text, boolean keepEnds, Meter meter) {
    String s = text.string();
    List<Value> lines = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (!endsLine(c)) {
        continue;
      }
      meter.step();
      int end = c == '\r' && i + 1 < s.length() && s.charAt(i + 1) == '\n' ? i + 2 : i + 1;
      lines.add(text.slice(from, keepEnds ? end : i));
      from = end;
      i = end - 1;
    }
    if (from < s.length()) {
      lines.add(text.slice(from));
    }
    return lines;
  }

  private static boolean endsLine(char c) {
    return (c >= '\n' && c <= '\r')
        || (c >= 0x1c && c <= 0x1e)
        || c == 0x85
        || c == 0x2028
        || c == 0x2029;
  }

  /** With at most so many occurrences of a text replaced; negative for all. */
  public static Text replaced(Text text, String old, Text replacement, int most, Meter meter) {
    String s = text.string();
    TextBuilder out = new TextBuilder(meter);
    Text put = text.markup() ? Operators.escaped(replacement, meter) : replacement;
    int from = 0;
    int search = 0;
    for (int done = 0; done != most && search <= s.length(); done++) {
      int at = s.indexOf(old, search);
      if (at < 0) {
        break;
      }
      out.add(text, from, at).add(put);
      from = at + old.length();
      // An empty text stands before every character and at the end.
      search =
          old.isEmpty()
              ? at + (at < s.length() ? Character.charCount(s.codePointAt(at)) : 1)
              : from;
    }
    return out.add(text, from, s.length()).build().markup(text.markup());
  }
}
