package dev.jubal.llama.template.jinja.value;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** JSON text as values, read as Python's {@code json.loads} reads it; all texts are foreign. */
public final class JsonReader {
  private static final int MOST_LEVELS = 500;
  private static final int MOST_DIGITS = 4300;

  private final String json;
  private int at;
  private int level;

  private JsonReader(String json) {
    this.json = json;
  }

  /**
   * Reads one JSON value.
   *
   * @throws TemplateException FAILED if the text is anything else
   */
  public static Value read(String json) {
    JsonReader reader = new JsonReader(json);
    reader.blanks();
    Value value = reader.value();
    reader.blanks();
    if (reader.at < json.length()) {
      throw reader.wrong("the end");
    }
    return value;
  }

  private TemplateException wrong(String expected) {
    String found = at < json.length() ? "'" + json.charAt(at) + "'" : "the end";
    return TemplateException.failed(
        "JSON text: " + found + " at " + at + " (expected: " + expected + ")");
  }

  private void blanks() {
    while (at < json.length() && " \t\n\r".indexOf(json.charAt(at)) >= 0) {
      at++;
    }
  }

  private char peek() {
    return at < json.length() ? json.charAt(at) : 0;
  }

  private boolean took(char wanted) {
    blanks();
    if (peek() == wanted && at < json.length()) {
      at++;
      blanks();
      return true;
    }
    return false;
  }

  private Value value() {
    return switch (peek()) {
      case '{' -> dict();
      case '[' -> list();
      case '"' -> Text.foreign(string());
      case 't' -> word("true", Value.Bool.TRUE);
      case 'f' -> word("false", Value.Bool.FALSE);
      case 'n' -> word("null", Value.None.NONE);
      default -> number();
    };
  }

  private Value word(String word, Value value) {
    if (!json.startsWith(word, at)) {
      throw wrong(word);
    }
    at += word.length();
    return value;
  }

  private void deeper() {
    if (++level > MOST_LEVELS) {
      throw wrong("at most " + MOST_LEVELS + " levels");
    }
    at++;
    blanks();
  }

  private Value dict() {
    deeper();
    Dict dict = new Dict();
    boolean more = !took('}');
    while (more) {
      if (peek() != '"') {
        throw wrong("a key in quotes");
      }
      Text key = Text.foreign(string());
      if (!took(':')) {
        throw wrong(":");
      }
      dict.put(key, value());
      more = more('}');
    }
    level--;
    return dict;
  }

  private Value list() {
    deeper();
    List<Value> items = new ArrayList<>();
    boolean more = !took(']');
    while (more) {
      items.add(value());
      more = more(']');
    }
    level--;
    return Seq.list(items);
  }

  private boolean more(char end) {
    if (took(',')) {
      return true;
    }
    if (took(end)) {
      return false;
    }
    throw wrong(", or " + end);
  }

  private String string() {
    StringBuilder text = new StringBuilder();
    at++;
    while (peek() != '"' || at >= json.length()) {
      if (at >= json.length() || peek() < ' ') {
        throw wrong("the end of a quoted text");
      }
      char c = json.charAt(at++);
      text.append(c == '\\' ? escape() : c);
    }
    at++;
    return text.toString();
  }

  private char escape() {
    char c = peek();
    at++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unit();
      default -> throw wrong("an escape of JSON");
    };
  }

  private char unit() {
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(peek(), 16);
      if (digit < 0 || peek() > 'f') {
        throw wrong("four hexadecimal digits");
      }
      unit = unit * 16 + digit;
      at++;
    }
    return (char) unit;
  }

  private Value number() {
    int from = at;
    at += peek() == '-' ? 1 : 0;
    int digits = digits();
    if (digits == 0 || (digits > 1 && json.charAt(at - digits) == '0')) {
      at = from;
      throw wrong("a JSON value");
    }
    boolean whole = true;
    if (peek() == '.') {
      at++;
      whole = false;
      required(digits());
    }
    if (peek() == 'e' || peek() == 'E') {
      at++;
      whole = false;
      at += peek() == '+' || peek() == '-' ? 1 : 0;
      required(digits());
    }
    String number = json.substring(from, at);
    if (whole && digits > MOST_DIGITS) {
      throw wrong("a number of at most " + MOST_DIGITS + " digits");
    }
    return whole
        ? new Value.Int(new BigInteger(number))
        : new Value.Real(Double.parseDouble(number));
  }

  private void required(int digits) {
    if (digits == 0) {
      throw wrong("a digit");
    }
  }

  private int digits() {
    int from = at;
    while (peek() >= '0' && peek() <= '9') {
      at++;
    }
    return at - from;
  }
}
