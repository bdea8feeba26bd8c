package dev.jubal.llama.constraint.document;

import dev.jubal.llama.FormRefusal;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.json.JsonFactory;

/** Reads a schema's text. */
public final class NodeReader {
  private static final int MOST_CHARACTERS = 1 << 19;
  private static final int MOST_NESTED = 128;
  private static final int MOST_SCALE = 400;

  private static final JsonFactory FACTORY = new JsonFactory();

  private final JsonParser parser;

  private NodeReader(JsonParser parser) {
    this.parser = parser;
  }

  public static Node read(String text) {
    if (text.length() > MOST_CHARACTERS) {
      throw new FormRefusal(
          "", "", text.length() + " characters", "at most " + MOST_CHARACTERS + " characters");
    }
    try (JsonParser parser =
        FACTORY.createParser(tools.jackson.core.ObjectReadContext.empty(), text)) {
      parser.nextToken();
      Node root = new NodeReader(parser).value(null, "", 0);
      if (parser.nextToken() != null) {
        throw new FormRefusal("", "", text, "one JSON value and nothing behind it");
      }
      Shapes.assign(root);
      return root;
    } catch (JacksonException e) {
      throw new FormRefusal("", "", text, "valid JSON: " + e.getOriginalMessage());
    }
  }

  private Node value(@Nullable Node parent, String key, int depth) {
    if (depth > MOST_NESTED) {
      throw new FormRefusal(
          parent == null ? "" : parent.pointer(), key, "", "at most " + MOST_NESTED + " levels");
    }
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw new FormRefusal("", "", "", "a JSON value");
    }
    return switch (token) {
      case START_OBJECT -> object(parent, key, depth);
      case START_ARRAY -> array(parent, key, depth);
      case VALUE_STRING -> string(parent, key);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parent, key);
      case VALUE_TRUE, VALUE_FALSE ->
          new Node(Node.Kind.BOOLEAN, parent, key, parser.getString(), BigDecimal.ZERO);
      default -> new Node(Node.Kind.NULL, parent, key, "null", BigDecimal.ZERO);
    };
  }

  private Node object(@Nullable Node parent, String key, int depth) {
    Node object = new Node(Node.Kind.OBJECT, parent, key, "", BigDecimal.ZERO);
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = text(parser.currentName(), object);
      parser.nextToken();
      if (object.fields.put(name, value(object, name, depth + 1)) != null) {
        throw new FormRefusal(object.pointer(), name, "twice", "each key once");
      }
    }
    return object;
  }

  private Node array(@Nullable Node parent, String key, int depth) {
    Node array = new Node(Node.Kind.ARRAY, parent, key, "", BigDecimal.ZERO);
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.items.add(value(array, Integer.toString(array.items.size()), depth + 1));
    }
    return array;
  }

  private Node string(@Nullable Node parent, String key) {
    Node string = new Node(Node.Kind.STRING, parent, key, parser.getString(), BigDecimal.ZERO);
    text(string.text, string);
    return string;
  }

  private static String text(String text, Node at) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        boolean pair =
            i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
        if (!pair) {
          throw new FormRefusal(at.pointer(), at.key, "half a surrogate pair", "valid Unicode");
        }
        i++;
      }
    }
    return text;
  }

  private Node number(@Nullable Node parent, String key) {
    BigDecimal value = parser.getDecimalValue();
    Node number = new Node(Node.Kind.NUMBER, parent, key, plain(value), value);
    if (Math.abs((long) value.scale()) > MOST_SCALE || value.precision() > MOST_SCALE) {
      throw number.refused("a number with at most " + MOST_SCALE + " digits");
    }
    return number;
  }

  /** Whole numbers without fraction or exponent, as a model would write them. */
  private static String plain(BigDecimal value) {
    if (Math.abs((long) value.scale()) > MOST_SCALE) {
      return value.toString();
    }
    boolean whole = value.signum() == 0 || value.stripTrailingZeros().scale() <= 0;
    return whole ? value.toBigInteger().toString() : value.toPlainString();
  }
}
