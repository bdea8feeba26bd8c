package dev.jubal.llama.constraint.pattern;

import dev.jubal.llama.constraint.automaton.CharSet;
import java.util.ArrayList;
import java.util.List;

/** Reads the text of a regular expression. */
final class PatternParser {
  private static final int MOST_NESTED = 100;
  static final int MOST_REPEATED = 10_000;

  private final String text;
  private int at;
  private int nested;

  private PatternParser(String text) {
    this.text = text;
  }

  static Expression parse(String text) {
    PatternParser parser = new PatternParser(text);
    Expression all = parser.choice();
    if (parser.at < text.length()) {
      throw new UnsupportedPattern("a regular expression without a ) too many");
    }
    return all;
  }

  private boolean looks(String ahead) {
    return text.startsWith(ahead, at);
  }

  private boolean take(String ahead) {
    if (looks(ahead)) {
      at += ahead.length();
      return true;
    }
    return false;
  }

  private Expression choice() {
    if (++nested > MOST_NESTED) {
      throw new UnsupportedPattern("at most " + MOST_NESTED + " nested groups");
    }
    List<Expression> options = new ArrayList<>();
    do {
      options.add(sequence());
    } while (take("|"));
    nested--;
    return options.size() == 1 ? options.getFirst() : new Expression.Choice(options);
  }

  private Expression sequence() {
    List<Expression> parts = new ArrayList<>();
    while (at < text.length() && !looks("|") && !looks(")")) {
      if (take("^")) {
        parts.add(new Expression.Begin());
      } else if (take("$")) {
        parts.add(new Expression.End());
      } else {
        parts.add(quantified(atom()));
      }
    }
    return parts.size() == 1 ? parts.getFirst() : new Expression.Sequence(parts);
  }

  private Expression quantified(Expression body) {
    Expression result = body;
    while (at < text.length()) {
      int[] bounds = quantifier();
      if (bounds.length == 0) {
        return result;
      }
      take("?"); // reluctance changes what is found first, not whether
      result = new Expression.Repeat(result, bounds[0], bounds[1]);
    }
    return result;
  }

  private int[] quantifier() {
    if (take("*")) {
      return new int[] {0, -1};
    }
    if (take("+")) {
      return new int[] {1, -1};
    }
    if (take("?")) {
      return new int[] {0, 1};
    }
    int close = text.indexOf('}', at);
    if (!looks("{") || close < 0) {
      return new int[0];
    }
    String inside = text.substring(at + 1, close);
    int comma = inside.indexOf(',');
    String low = comma < 0 ? inside : inside.substring(0, comma);
    String high = comma < 0 ? inside : inside.substring(comma + 1);
    if (!digits(low) || !(digits(high) || (comma >= 0 && high.isEmpty()))) {
      return new int[0];
    }
    at = close + 1;
    int least = number(low);
    int most = high.isEmpty() ? -1 : number(high);
    if (most >= 0 && least > most) {
      throw new UnsupportedPattern("a repetition {n,m} with n <= m");
    }
    return new int[] {least, most};
  }

  private static boolean digits(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static int number(String digits) {
    int number = digits.length() > 6 ? Integer.MAX_VALUE : Integer.parseInt(digits);
    if (number > MOST_REPEATED) {
      throw new UnsupportedPattern("at most " + MOST_REPEATED + " repetitions");
    }
    return number;
  }

  private Expression atom() {
    if (take("(")) {
      return group();
    }
    if (take("[")) {
      return new Expression.Chars(characterClass());
    }
    if (take(".")) {
      return new Expression.Chars(Escapes.DOT);
    }
    if (take("\\")) {
      return new Expression.Chars(escape(false));
    }
    if (looks("*") || looks("+") || looks("?")) {
      throw new UnsupportedPattern("something before " + text.charAt(at));
    }
    return new Expression.Chars(CharSet.of(character()));
  }

  private Expression group() {
    if (looks("?=") || looks("?!")) {
      boolean negative = looks("?!");
      at += 2;
      Expression ahead = choice();
      close();
      return new Expression.Look(ahead, negative);
    }
    if (looks("?<=") || looks("?<!")) {
      throw new UnsupportedPattern("no lookbehind");
    }
    if (take("?<")) {
      int end = text.indexOf('>', at);
      if (end < 0) {
        throw new UnsupportedPattern("a > after the name of a group");
      }
      at = end + 1;
    } else if (!take("?:") && looks("?")) {
      throw new UnsupportedPattern("a group, (?:, (?=, (?! or (?<name>");
    }
    Expression body = choice();
    close();
    return body;
  }

  private void close() {
    if (!take(")")) {
      throw new UnsupportedPattern("a ) for each (");
    }
  }

  private int character() {
    if (at >= text.length()) {
      throw new UnsupportedPattern("more after the last character");
    }
    int character = text.codePointAt(at);
    at += Character.charCount(character);
    return character;
  }

  private CharSet characterClass() {
    boolean negative = take("^");
    CharSet set = CharSet.NONE;
    while (!take("]")) {
      CharSet from = member();
      if (looks("-") && !looks("-]") && from.single() >= 0) {
        at++;
        CharSet to = member();
        if (to.single() < 0) {
          set = set.or(from).or(to).or(CharSet.of('-'));
        } else if (to.single() < from.single()) {
          throw new UnsupportedPattern("a range of characters in ascending order");
        } else {
          set = set.or(CharSet.range(from.single(), to.single()));
        }
      } else {
        set = set.or(from);
      }
    }
    return negative ? set.complement() : set;
  }

  private CharSet member() {
    return take("\\") ? escape(true) : CharSet.of(character());
  }

  private CharSet escape(boolean inClass) {
    int letter = character();
    if (letter == 'B' || letter == 'k' || (letter == 'b' && !inClass)) {
      throw new UnsupportedPattern("no word boundary and no back reference");
    }
    if (letter >= '1' && letter <= '9') {
      throw new UnsupportedPattern("no back reference");
    }
    return switch (letter) {
      case 'x' -> CharSet.of(hex(2));
      case 'u' -> CharSet.of(unicode());
      case 'c' -> CharSet.of(character() & 31);
      case 'b' -> CharSet.of('\b');
      case 'p' -> Escapes.property(propertyName());
      case 'P' -> Escapes.property(propertyName()).complement();
      default -> Escapes.letter(letter);
    };
  }

  private int hex(int digits) {
    String code = text.substring(at, Math.min(text.length(), at + digits));
    if (code.length() < digits || !code.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
      throw new UnsupportedPattern(digits + " hexadecimal digits");
    }
    at += digits;
    return Integer.parseInt(code, 16);
  }

  private int unicode() {
    if (take("{")) {
      int end = text.indexOf('}', at);
      if (end < 0 || end - at > 6 || end == at) {
        throw new UnsupportedPattern("\\u{...} with up to 6 digits");
      }
      int code = hex(end - at);
      at++;
      return code;
    }
    int code = hex(4);
    if (Character.isHighSurrogate((char) code) && take("\\u")) {
      return Character.toCodePoint((char) code, (char) hex(4));
    }
    return code;
  }

  private String propertyName() {
    if (!take("{")) {
      return Character.toString(character());
    }
    int end = text.indexOf('}', at);
    if (end < 0) {
      throw new UnsupportedPattern("a } after the name of a property");
    }
    String name = text.substring(at, end);
    at = end + 1;
    return name;
  }
}
