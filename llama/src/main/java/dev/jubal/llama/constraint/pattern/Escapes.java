package dev.jubal.llama.constraint.pattern;

import dev.jubal.llama.constraint.automaton.CharSet;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** What the escapes of a regular expression stand for. */
final class Escapes {
  static final CharSet DIGIT = CharSet.range('0', '9');
  static final CharSet WORD =
      DIGIT.or(CharSet.range('a', 'z')).or(CharSet.range('A', 'Z')).or(CharSet.of('_'));
  private static final CharSet LINE_END =
      CharSet.of('\n').or(CharSet.of('\r')).or(CharSet.range(0x2028, 0x2029));
  static final CharSet DOT = LINE_END.complement();
  static final CharSet SPACE =
      LINE_END
          .or(CharSet.of('\t'))
          .or(CharSet.range(0x0B, 0x0C))
          .or(CharSet.of(' '))
          .or(CharSet.of(0xA0))
          .or(CharSet.of(0x1680))
          .or(CharSet.range(0x2000, 0x200A))
          .or(CharSet.of(0x202F))
          .or(CharSet.of(0x205F))
          .or(CharSet.of(0x3000))
          .or(CharSet.of(0xFEFF));

  private Escapes() {}

  /** The meaning of a letter after a backslash; most stand for themselves. */
  static CharSet letter(int letter) {
    return switch (letter) {
      case 'd' -> DIGIT;
      case 'D' -> DIGIT.complement();
      case 'w' -> WORD;
      case 'W' -> WORD.complement();
      case 's' -> SPACE;
      case 'S' -> SPACE.complement();
      case 'n' -> CharSet.of('\n');
      case 'r' -> CharSet.of('\r');
      case 't' -> CharSet.of('\t');
      case 'f' -> CharSet.of('\f');
      case 'v' -> CharSet.of(0x0B);
      case '0' -> CharSet.of(0);
      default -> CharSet.of(letter);
    };
  }

  /** A Unicode property as ECMA-262 names it: a general category or a script. */
  static CharSet property(String name) {
    String own =
        name.replaceFirst("^(Script|sc|Script_Extensions|scx)=", "Is")
            .replaceFirst("^(General_Category|gc)=", "");
    Pattern pattern = pattern(own);
    return CharSet.matching(c -> pattern.matcher(Character.toString(c)).matches());
  }

  private static Pattern pattern(String name) {
    for (String spelling : new String[] {name, "Is" + name}) {
      try {
        return Pattern.compile("\\p{" + spelling + "}");
      } catch (PatternSyntaxException e) {
        // Java names scripts and binary properties with Is; the second try is that.
      }
    }
    String category = LONG_CATEGORIES.get(name);
    if (category == null) {
      throw new UnsupportedPattern("a known Unicode property");
    }
    return Pattern.compile("\\p{" + category + "}");
  }

  private static final Map<String, String> LONG_CATEGORIES =
      Map.of(
          "Letter", "L",
          "Lowercase_Letter", "Ll",
          "Uppercase_Letter", "Lu",
          "Mark", "M",
          "Number", "N",
          "Decimal_Number", "Nd",
          "digit", "Nd",
          "Punctuation", "P",
          "Symbol", "S",
          "Separator", "Z");
}
