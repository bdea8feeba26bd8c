package dev.jubal.llama.template.jinja;

import dev.jubal.llama.template.jinja.value.TemplateException;

/** What a quoted text means: the escapes of Python. */
final class Escapes {
  private final String quoted;
  private final int line;
  private final StringBuilder value = new StringBuilder();
  private int at;

  Escapes(String quoted, int line) {
    this.quoted = quoted;
    this.line = line;
  }

  String value() {
    if (quoted.indexOf('\\') < 0) {
      return quoted;
    }
    while (at < quoted.length()) {
      char c = quoted.charAt(at++);
      if (c == '\\') {
        escape(quoted.charAt(at++));
      } else {
        value.append(c);
      }
    }
    return value.toString();
  }

  private void escape(char c) {
    switch (c) {
      case '\n' -> {}
      case '\\', '\'', '"' -> value.append(c);
      case 'a' -> value.append('\u0007');
      case 'b' -> value.append('\b');
      case 'f' -> value.append('\f');
      case 'n' -> value.append('\n');
      case 'r' -> value.append('\r');
      case 't' -> value.append('\t');
      case 'v' -> value.append('\u000b');
      case 'x' -> value.appendCodePoint(digits(2));
      case 'u' -> value.appendCodePoint(digits(4));
      case 'U' -> value.appendCodePoint(digits(8));
      case 'N' -> throw wrong("named characters are not offered");
      default -> {
        if (c >= '0' && c <= '7') {
          octal();
        } else {
          value.append('\\').append(c);
        }
      }
    }
  }

  private int digits(int count) {
    String digits = quoted.substring(at, Math.min(at + count, quoted.length()));
    if (digits.length() < count || !digits.matches("[0-9a-fA-F]+")) {
      throw wrong("truncated escape");
    }
    at += count;
    long point = Long.parseLong(digits, 16);
    if (point > Character.MAX_CODE_POINT) {
      throw wrong("illegal Unicode character");
    }
    return (int) point;
  }

  private void octal() {
    at--;
    int end = at;
    while (end < quoted.length() && end < at + 3 && "01234567".indexOf(quoted.charAt(end)) >= 0) {
      end++;
    }
    value.appendCodePoint(Integer.parseInt(quoted.substring(at, end), 8));
    at = end;
  }

  private TemplateException wrong(String message) {
    return Lexer.syntax(message, line);
  }
}
