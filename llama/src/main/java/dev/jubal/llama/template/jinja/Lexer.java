package dev.jubal.llama.template.jinja;

import dev.jubal.llama.template.jinja.Token.Kind;
import dev.jubal.llama.template.jinja.value.Letters;
import dev.jubal.llama.template.jinja.value.TemplateException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a template into tokens: with {@code trim_blocks} (the line break after a block goes) and
 * {@code lstrip_blocks} (so do the blanks before one), as transformers sets it.
 */
final class Lexer {
  private static final Pattern RAW = Pattern.compile("\\{%([-+]?)\\s*raw\\s*(-?)%}");
  private static final Pattern END_RAW = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*([-+]?)%}");
  private static final Pattern FLOAT =
      Pattern.compile("(\\d+_)*\\d+((\\.(\\d+_)*\\d+)?[eE][+\\-]?(\\d+_)*\\d+|\\.(\\d+_)*\\d+)");
  private static final Pattern INTEGER =
      Pattern.compile("0[bB](_?[01])+|0[oO](_?[0-7])+|0[xX](_?[0-9a-fA-F])+|[1-9](_?\\d)*|0(_?0)*");
  private static final Pattern NAME = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern STRING =
      Pattern.compile(
          "'[^'\\\\]*+(?:\\\\.[^'\\\\]*+)*+'|\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"",
          Pattern.DOTALL);
  private static final List<String> OPERATORS =
      List.of(
          "**", "//", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{",
          "}", ">", "<", "=", ".", ":", "|", ",", ";");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private final Deque<Character> open = new ArrayDeque<>();
  private int at;
  private int line = 1;

  private Lexer(String source) {
    this.source = source;
  }

  /**
   * The tokens of a template, with one of kind END at the end.
   *
   * @throws TemplateException SYNTAX, naming the line
   */
  static List<Token> tokens(String template) {
    String unix = template.replace("\r\n", "\n").replace('\r', '\n');
    Lexer lexer = new Lexer(unix.endsWith("\n") ? unix.substring(0, unix.length() - 1) : unix);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    int begin;
    while ((begin = nextTag()) >= 0) {
      char kind = source.charAt(begin + 1);
      Matcher raw = RAW.matcher(source).region(begin, source.length());
      if (raw.lookingAt()) {
        text(at, begin, raw.group(1), true);
        raw(raw);
      } else {
        String sign = sign(begin + 2);
        text(at, begin, sign, kind != '{');
        at = begin + 2 + sign.length();
        tag(kind);
      }
    }
    text(at, source.length(), "+", false);
    tokens.add(new Token(Kind.END, "", line));
  }

  private int nextTag() {
    int begin = at;
    while ((begin = source.indexOf('{', begin)) >= 0 && begin + 1 < source.length()) {
      if ("{%#".indexOf(source.charAt(begin + 1)) >= 0) {
        return begin;
      }
      begin++;
    }
    return -1;
  }

  private String sign(int place) {
    boolean signed = place < source.length() && "-+".indexOf(source.charAt(place)) >= 0;
    return signed ? source.substring(place, place + 1) : "";
  }

  /** Text up to a tag, without what the tag strips from it. */
  private void text(int from, int to, String sign, boolean block) {
    int end = to;
    if (sign.equals("-")) {
      while (end > from && Letters.space(source.charAt(end - 1))) {
        end--;
      }
    } else if (block && sign.isEmpty()) {
      int begin = end;
      while (begin > from
          && source.charAt(begin - 1) != '\n'
          && Letters.space(source.charAt(begin - 1))) {
        begin--;
      }
      boolean lineBegins = begin == 0 || source.charAt(begin - 1) == '\n';
      end = lineBegins ? begin : end;
    }
    if (end > from) {
      tokens.add(new Token(Kind.DATA, source.substring(from, end), line));
    }
    lines(from, to);
  }

  private void lines(int from, int to) {
    for (int i = from; i < to; i++) {
      if (source.charAt(i) == '\n') {
        line++;
      }
    }
  }

  private void raw(Matcher begin) {
    at = begin.end();
    lines(begin.start(), at);
    skip(begin.group(2), false);
    Matcher end = END_RAW.matcher(source);
    if (!end.find(at)) {
      throw wrong("Missing end of raw directive");
    }
    text(at, end.start(), end.group(1), true);
    at = end.end();
    lines(end.start(), at);
    skip(end.group(2), true);
  }

  /** Leaves out what the end of a tag strips. */
  private void skip(String sign, boolean block) {
    int from = at;
    if (sign.equals("-")) {
      while (at < source.length() && Letters.space(source.charAt(at))) {
        at++;
      }
    } else if (block && sign.isEmpty() && at < source.length() && source.charAt(at) == '\n') {
      at++;
    }
    lines(from, at);
  }

  private void tag(char kind) {
    if (kind == '#') {
      comment();
      return;
    }
    boolean block = kind == '%';
    tokens.add(new Token(block ? Kind.BLOCK_BEGIN : Kind.PRINT_BEGIN, "", line));
    open.clear();
    while (!ended(block)) {
      if (at >= source.length()) {
        throw wrong("unexpected end of template");
      }
      if (Letters.space(source.charAt(at))) {
        lines(at, at + 1);
        at++;
      } else {
        token();
      }
    }
  }

  private void comment() {
    int end = source.indexOf("#}", at);
    if (end < 0) {
      throw wrong("Missing end of comment tag");
    }
    boolean signed = end > at && "-+".indexOf(source.charAt(end - 1)) >= 0;
    lines(at, end);
    at = end + 2;
    skip(signed ? source.substring(end - 1, end) : "", true);
  }

  private boolean ended(boolean block) {
    String sign = sign(at);
    boolean signs = block ? !sign.isEmpty() : sign.equals("-");
    int end = at + (signs ? 1 : 0);
    if (!open.isEmpty() || !source.startsWith(block ? "%}" : "}}", end)) {
      return false;
    }
    tokens.add(new Token(block ? Kind.BLOCK_END : Kind.PRINT_END, "", line));
    at = end + 2;
    skip(signs ? sign : "", block);
    return true;
  }

  private void token() {
    boolean afterPoint = at > 0 && source.charAt(at - 1) == '.';
    if ((!afterPoint && took(FLOAT, Kind.FLOAT))
        || took(INTEGER, Kind.INTEGER)
        || took(NAME, Kind.NAME)
        || tookString()) {
      return;
    }
    for (String operator : OPERATORS) {
      if (source.startsWith(operator, at)) {
        balance(operator);
        tokens.add(new Token(Kind.OPERATOR, operator, line));
        at += operator.length();
        return;
      }
    }
    throw wrong("unexpected char '" + source.charAt(at) + "'");
  }

  private boolean took(Pattern pattern, Kind kind) {
    Matcher matcher = pattern.matcher(source).region(at, source.length());
    if (!matcher.lookingAt()) {
      return false;
    }
    String found = matcher.group();
    tokens.add(new Token(kind, kind == Kind.NAME ? found : found.replace("_", ""), line));
    at = matcher.end();
    return true;
  }

  private boolean tookString() {
    Matcher matcher = STRING.matcher(source).region(at, source.length());
    if (!matcher.lookingAt()) {
      return false;
    }
    String inner = source.substring(at + 1, matcher.end() - 1);
    tokens.add(new Token(Kind.STRING, new Escapes(inner, line).value(), line));
    lines(at, matcher.end());
    at = matcher.end();
    return true;
  }

  private void balance(String operator) {
    switch (operator) {
      case "{" -> open.push('}');
      case "(" -> open.push(')');
      case "[" -> open.push(']');
      case "}", ")", "]" -> {
        if (open.isEmpty() || open.pop() != operator.charAt(0)) {
          throw wrong("unexpected '" + operator + "'");
        }
      }
      default -> {}
    }
  }

  private TemplateException wrong(String message) {
    return syntax(message, line);
  }

  static TemplateException syntax(String message, int line) {
    return new TemplateException(TemplateException.Kind.SYNTAX, "line " + line + ": " + message);
  }
}
