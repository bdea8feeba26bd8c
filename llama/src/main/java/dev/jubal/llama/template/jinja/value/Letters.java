package dev.jubal.llama.template.jinja.value;

import java.util.Locale;

/** Kinds and cases of characters, as Python has them. */
public final class Letters {
  enum Case {
    LOWER,
    UPPER,
    TITLE
  }

  private Letters() {}

  /** Whether a character is white space. */
  public static boolean space(int c) {
    return c == ' '
        || (c >= '\t' && c <= '\r')
        || (c >= 0x1c && c <= 0x1f)
        || c == 0x85
        || (c > 0x85 && Character.getType(c) == Character.SPACE_SEPARATOR)
        || c == 0x2028
        || c == 0x2029;
  }

  /** Digits, the raised, lowered and circled ones among them. */
  static boolean digit(int c) {
    return Character.isDigit(c)
        || c == 0xb2
        || c == 0xb3
        || c == 0xb9
        || c == 0x2070
        || (c >= 0x2074 && c <= 0x2079)
        || (c >= 0x2080 && c <= 0x2089)
        || (c >= 0x2460 && c <= 0x2468);
  }

  static boolean numeric(int c) {
    return switch (Character.getType(c)) {
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
      default -> false;
    };
  }

  /** Letters and all kinds of numbers. */
  public static boolean alphanumeric(int c) {
    return Character.isLetter(c) || numeric(c);
  }

  public static String lower(String s) {
    return s.toLowerCase(Locale.ROOT);
  }

  /** For comparing whatever the case. */
  static String folded(String s) {
    return lower(upper(s)).replace('ς', 'σ');
  }

  public static String upper(String s) {
    return s.toUpperCase(Locale.ROOT);
  }

  public static String capitalized(String s) {
    if (s.isEmpty()) {
      return s;
    }
    int first = s.offsetByCodePoints(0, 1);
    return title(s.codePointAt(0)) + lower(s).substring(lower(s.substring(0, first)).length());
  }

  /** A character at the beginning of a word: one may become two, as in "ﬁ" -> "Fi". */
  private static String title(int c) {
    int titled = Character.toTitleCase(c);
    if (titled != c) {
      return Character.toString(titled);
    }
    String upper = upper(Character.toString(c));
    if (upper.codePointCount(0, upper.length()) == 1) {
      return upper;
    }
    int first = upper.offsetByCodePoints(0, 1);
    return upper.substring(0, first) + lower(upper.substring(first));
  }

  static String titled(String s) {
    StringBuilder out = new StringBuilder(s.length());
    boolean within = false;
    for (int at = 0; at < s.length(); ) {
      int c = s.codePointAt(at);
      out.append(within ? lower(Character.toString(c)) : title(c));
      within = hasCase(c);
      at += Character.charCount(c);
    }
    return out.toString();
  }

  static String swapped(String s) {
    StringBuilder out = new StringBuilder(s.length());
    s.codePoints()
        .mapToObj(
            c ->
                Character.isUpperCase(c)
                    ? lower(Character.toString(c))
                    : upper(Character.toString(c)))
        .forEach(out::append);
    return out.toString();
  }

  private static boolean hasCase(int c) {
    return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
  }

  /** Whether a text has letters of a case and only such; for titles, each at its place. */
  public static boolean lower(String s, boolean upper) {
    return cased(s, upper ? Case.UPPER : Case.LOWER);
  }

  static boolean cased(String s, Case wanted) {
    boolean any = false;
    boolean within = false;
    for (int c : s.codePoints().toArray()) {
      boolean upper = Character.isUpperCase(c) || Character.isTitleCase(c);
      boolean lower = Character.isLowerCase(c);
      boolean wrong =
          switch (wanted) {
            case LOWER -> upper;
            case UPPER -> lower || Character.isTitleCase(c);
            case TITLE -> (upper && within) || (lower && !within);
          };
      if (wrong) {
        return false;
      }
      within = upper || lower;
      any |= within;
    }
    return any;
  }
}
