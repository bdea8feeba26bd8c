package dev.jubal.llama.template.jinja.value;

import java.util.Locale;

/** Collects what a format asks for, then lays a value out. */
final class Layout {
  private String fill = " ";
  private char align;
  private char sign = '-';
  private boolean alternate;
  private boolean zeros;
  private char group;
  private int width = -1;
  private int precision = -1;

  void flag(char c) {
    switch (c) {
      case '-' -> align = '<';
      case '+' -> sign = '+';
      case ' ' -> sign = sign == '+' ? '+' : ' ';
      case '#' -> alternate = true;
      default -> zeros = true;
    }
  }

  void align(String fillWith, char where) {
    fill = fillWith;
    align = where;
  }

  void sign(char how) {
    sign = how;
  }

  void group(char separator) {
    group = separator;
  }

  void width(int characters) {
    width = characters;
  }

  void precision(int digits) {
    precision = digits;
  }

  boolean plainText() {
    return sign == '-' && !alternate && group == 0 && align != '=' && !zeros;
  }

  /** Lays a text out. */
  Text text(Text text, Meter meter) {
    int points = text.points();
    Text cut = precision >= 0 && precision < points ? text.slice(0, text.offset(precision)) : text;
    boolean right = align == '>' || (align == 0 && defaultRight);
    return padded(cut, right ? '>' : align == 0 ? '<' : align, meter);
  }

  private boolean defaultRight = true;

  /** Texts stand left unless said otherwise, as str.format has it; % puts them right. */
  void leftByDefault() {
    defaultRight = false;
  }

  private Text padded(Text text, char where, Meter meter) {
    int missing = Math.max(0, width - text.points());
    int left = where == '<' ? 0 : where == '^' ? missing / 2 : missing;
    return new TextBuilder(meter)
        .add(fill.repeat(left))
        .add(text)
        .add(fill.repeat(missing - left))
        .build();
  }

  /** Lays a number out. */
  Text number(Value value, char conversion, Meter meter) {
    boolean real = value instanceof Value.Real;
    String digits =
        real ? real(((Value.Real) value).value(), conversion) : whole(value, conversion);
    boolean negative = digits.startsWith("-");
    String shown = negative ? digits.substring(1) : digits;
    String before = negative ? "-" : sign == '-' ? "" : String.valueOf(sign);
    before += alternate && !real ? prefix(conversion) : "";
    if (group != 0) {
      shown = grouped(shown);
    }
    boolean stretch = align == '=' || (zeros && align == 0);
    if (stretch && width > before.length() + shown.length()) {
      String pad = zeros ? "0" : fill;
      shown = pad.repeat(width - before.length() - shown.length()) + shown;
    }
    char where = align == 0 || align == '=' ? '>' : align;
    return padded(Text.literal(before + shown), where, meter);
  }

  private String whole(Value value, char conversion) {
    String digits =
        switch (conversion) {
          case 'x' -> Numbers.whole(value).toString(16);
          case 'X' -> Numbers.whole(value).toString(16).toUpperCase(Locale.ROOT);
          case 'o' -> Numbers.whole(value).toString(8);
          case 'b' -> Numbers.whole(value).toString(2);
          default -> Numbers.whole(value).toString();
        };
    boolean negative = digits.startsWith("-");
    String bare = negative ? digits.substring(1) : digits;
    String full = "0".repeat(Math.max(0, precision - bare.length())) + bare;
    return negative ? "-" + full : full;
  }

  private static String prefix(char conversion) {
    return switch (conversion) {
      case 'x' -> "0x";
      case 'X' -> "0X";
      case 'o' -> "0o";
      case 'b' -> "0b";
      default -> "";
    };
  }

  private String real(double value, char conversion) {
    if (!Double.isFinite(value)) {
      String word = Numbers.written(value);
      return Character.isUpperCase(conversion) ? word.toUpperCase(Locale.ROOT) : word;
    }
    int digits = precision < 0 ? 6 : precision;
    double size = Math.abs(value);
    String shown =
        switch (Character.toLowerCase(conversion)) {
          case 'f' -> Rounding.fixed(size, digits);
          case 'e' -> Rounding.scientific(size, digits);
          case '%' -> Rounding.fixed(size * 100, digits) + "%";
          case 'g' -> Rounding.general(size, digits, alternate);
          default -> precision < 0 ? Numbers.written(size) : withPoint(size, digits);
        };
    String cased = Character.isUpperCase(conversion) ? shown.toUpperCase(Locale.ROOT) : shown;
    return Math.copySign(1, value) < 0 ? "-" + cased : cased;
  }

  /** As general, but with at least one digit after the point, and an exponent a digit sooner. */
  private static String withPoint(double size, int digits) {
    String shown = Rounding.general(size, digits, false);
    if (shown.indexOf('e') >= 0) {
      return shown;
    }
    boolean full = shown.indexOf('.') < 0 && shown.length() >= Math.max(1, digits);
    if (full && size != 0) {
      String other = Rounding.scientific(size, Math.max(1, digits) - 1);
      int mark = other.indexOf('e');
      return other.substring(0, mark).replaceFirst("\\.?0+$", "") + other.substring(mark);
    }
    return shown.indexOf('.') < 0 ? shown + ".0" : shown;
  }

  private String grouped(String digits) {
    int end = 0;
    while (end < digits.length() && Character.isLetterOrDigit(digits.charAt(end))) {
      end++;
    }
    StringBuilder out = new StringBuilder(digits.substring(0, end));
    for (int i = end - 3; i > 0; i -= 3) {
      out.insert(i, group);
    }
    return out + digits.substring(end);
  }
}
