package dev.jubal.llama.template.jinja;

import dev.jubal.llama.template.jinja.Token.Kind;
import dev.jubal.llama.template.jinja.value.TemplateException;
import java.util.List;

/** The tokens of a template, read from the front. */
final class TokenStream {
  private static final int MOST_LEVELS = 100;

  private final List<Token> tokens;
  private int at;
  private int level;

  TokenStream(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token current() {
    return tokens.get(at);
  }

  Token ahead() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  Token next() {
    Token token = current();
    at = Math.min(at + 1, tokens.size() - 1);
    return token;
  }

  boolean is(Kind kind) {
    return current().kind() == kind;
  }

  boolean operator(String wanted) {
    return current().operator(wanted);
  }

  boolean name(String wanted) {
    return current().name(wanted);
  }

  /** Takes an operator if it comes next. */
  boolean took(String operator) {
    boolean found = operator(operator);
    at += found ? 1 : 0;
    return found;
  }

  boolean tookName(String name) {
    boolean found = name(name);
    at += found ? 1 : 0;
    return found;
  }

  void expect(String operator) {
    if (!took(operator)) {
      throw wrong("expected token '" + operator + "', got " + current().shown());
    }
  }

  Token expect(Kind kind) {
    if (!is(kind)) {
      throw wrong("expected token '" + kind.shown() + "', got " + current().shown());
    }
    return next();
  }

  String name() {
    return expect(Kind.NAME).text();
  }

  /** One level of nesting deeper; {@link #up} must follow. */
  void down() {
    if (++level > MOST_LEVELS) {
      throw wrong("more than " + MOST_LEVELS + " levels within each other");
    }
  }

  void up() {
    level--;
  }

  TemplateException wrong(String message) {
    return Lexer.syntax(message, current().line());
  }
}
