package dev.jubal.llama.constraint.document;

import dev.jubal.llama.FormRefusal;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value of the schema's text that knows where it stands. */
public final class Node {
  public enum Kind {
    OBJECT,
    ARRAY,
    STRING,
    NUMBER,
    BOOLEAN,
    NULL
  }

  /** The schemas that allow everything and nothing. */
  public static final Node TRUE = new Node(Kind.BOOLEAN, null, "", "true", BigDecimal.ZERO);

  public static final Node FALSE = new Node(Kind.BOOLEAN, null, "", "false", BigDecimal.ZERO);

  public final Kind kind;
  public final @Nullable Node parent;
  public final String key;
  public final Map<String, Node> fields = new LinkedHashMap<>();
  public final List<Node> items = new ArrayList<>();

  /** A string's text, or how another scalar is written. */
  public final String text;

  public final BigDecimal number;

  /** Equal for nodes that are written alike; see {@link Shapes}. */
  int shape;

  public Node(Kind kind, @Nullable Node parent, String key, String text, BigDecimal number) {
    this.kind = kind;
    this.parent = parent;
    this.key = key;
    this.text = text;
    this.number = number;
  }

  public boolean isTrue() {
    return kind == Kind.BOOLEAN && text.equals("true");
  }

  public boolean isFalse() {
    return kind == Kind.BOOLEAN && text.equals("false");
  }

  public boolean isString() {
    return kind == Kind.STRING;
  }

  public boolean isObject() {
    return kind == Kind.OBJECT;
  }

  public boolean isArray() {
    return kind == Kind.ARRAY;
  }

  public boolean isNumber() {
    return kind == Kind.NUMBER;
  }

  /** Whether a number has no fraction. */
  public boolean isInteger() {
    return isNumber() && (number.signum() == 0 || number.stripTrailingZeros().scale() <= 0);
  }

  public @Nullable Node field(String name) {
    return fields.get(name);
  }

  /** Equal for nodes of one document that are written alike. */
  public int shape() {
    return shape;
  }

  /** JSON pointer of this value. */
  public String pointer() {
    Deque<String> keys = new ArrayDeque<>();
    for (Node at = this; at.parent != null; at = at.parent) {
      keys.addFirst(at.key.replace("~", "~0").replace("/", "~1"));
    }
    StringBuilder pointer = new StringBuilder();
    keys.forEach(part -> pointer.append('/').append(part));
    return pointer.toString();
  }

  /** A refusal of this value, which stands at a keyword. */
  public FormRefusal refused(String expected) {
    return new FormRefusal(pointer(), key, shown(), expected);
  }

  private String shown() {
    StringBuilder shown = new StringBuilder();
    write(shown, 100);
    return shown.toString();
  }

  /** The value in the one spelling that answers use. */
  public String written() {
    StringBuilder written = new StringBuilder();
    write(written, Integer.MAX_VALUE);
    return written.toString();
  }

  private void write(StringBuilder to, int most) {
    switch (kind) {
      case OBJECT -> {
        to.append('{');
        String comma = "";
        for (Map.Entry<String, Node> field : fields.entrySet()) {
          if (to.length() > most) {
            break;
          }
          to.append(comma);
          JsonText.quote(field.getKey(), to);
          to.append(": ");
          field.getValue().write(to, most);
          comma = ", ";
        }
        to.append('}');
      }
      case ARRAY -> {
        to.append('[');
        String comma = "";
        for (Node item : items) {
          if (to.length() > most) {
            break;
          }
          to.append(comma);
          item.write(to, most);
          comma = ", ";
        }
        to.append(']');
      }
      case STRING -> JsonText.quote(text, to);
      case NUMBER, BOOLEAN, NULL -> to.append(text);
    }
  }

  /** Whether two values are equal as JSON Schema sees them. */
  public boolean same(Node other) {
    if (kind != other.kind) {
      return false;
    }
    return switch (kind) {
      case NUMBER -> number.compareTo(other.number) == 0;
      case STRING, BOOLEAN -> text.equals(other.text);
      case NULL -> true;
      case ARRAY -> {
        boolean same = items.size() == other.items.size();
        for (int i = 0; same && i < items.size(); i++) {
          same = items.get(i).same(other.items.get(i));
        }
        yield same;
      }
      case OBJECT -> {
        boolean same = fields.keySet().equals(other.fields.keySet());
        for (Map.Entry<String, Node> field : fields.entrySet()) {
          Node theirs = other.field(field.getKey());
          same = same && theirs != null && field.getValue().same(theirs);
        }
        yield same;
      }
    };
  }
}
