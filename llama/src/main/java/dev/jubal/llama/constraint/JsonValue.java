package dev.jubal.llama.constraint;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The value of a JSON text that is known to be well-formed, so that equal values are equal. */
final class JsonValue {
  private final String text;
  private int at;

  private JsonValue(String text) {
    this.text = text;
  }

  static Object of(byte[] json) {
    return new JsonValue(new String(json, StandardCharsets.UTF_8)).value();
  }

  private Object value() {
    return switch (text.charAt(at)) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      default -> scalar();
    };
  }

  private Map<String, Object> object() {
    Map<String, Object> object = new HashMap<>();
    at++;
    while (text.charAt(at) != '}') {
      if (text.charAt(at) == ',') {
        at += 2;
      }
      String key = string();
      at += 2;
      object.put(key, value());
    }
    at++;
    return object;
  }

  private List<Object> array() {
    List<Object> array = new ArrayList<>();
    at++;
    while (text.charAt(at) != ']') {
      if (text.charAt(at) == ',') {
        at += 2;
      }
      array.add(value());
    }
    at++;
    return array;
  }

  private String string() {
    StringBuilder string = new StringBuilder();
    for (at++; text.charAt(at) != '"'; at++) {
      char c = text.charAt(at);
      if (c != '\\') {
        string.append(c);
        continue;
      }
      char escape = text.charAt(++at);
      if (escape == 'u') {
        string.append((char) Integer.parseInt(text, at + 1, at + 5, 16));
        at += 4;
      } else {
        int control = "bfnrt".indexOf(escape);
        string.append(control < 0 ? escape : "\b\f\n\r\t".charAt(control));
      }
    }
    at++;
    return string.toString();
  }

  private Object scalar() {
    int start = at;
    while (at < text.length() && ",]} ".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    String scalar = text.substring(start, at);
    char first = scalar.charAt(0);
    if (first != '-' && (first < '0' || first > '9')) {
      return List.of("literal", scalar);
    }
    BigDecimal number = new BigDecimal(scalar);
    return number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
  }
}
