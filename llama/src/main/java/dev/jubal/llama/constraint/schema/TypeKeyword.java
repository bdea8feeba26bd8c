package dev.jubal.llama.constraint.schema;

import dev.jubal.llama.constraint.document.Node;
import java.util.List;

/** Reads {@code type}. */
final class TypeKeyword {
  private TypeKeyword() {}

  static Case read(Node value) {
    List<Node> names = value.isArray() ? value.items : List.of(value);
    int types = 0;
    boolean anyNumber = false;
    boolean integer = false;
    for (Node name : names) {
      int type = bits(name);
      anyNumber |= type == Case.NUMBER && !name.text.equals("integer");
      integer |= name.text.equals("integer");
      types |= type;
    }
    Case typed = Case.types(types);
    return integer && !anyNumber ? typed.and(Case.of(NumberRule.whole())) : typed;
  }

  /** The bits of a type's name. */
  static int bits(Node name) {
    return switch (name.isString() ? name.text : "") {
      case "null" -> Case.NULL;
      case "boolean" -> Case.TRUE | Case.FALSE;
      case "number", "integer" -> Case.NUMBER;
      case "string" -> Case.STRING;
      case "array" -> Case.ARRAY;
      case "object" -> Case.OBJECT;
      default -> throw name.refused("null, boolean, number, integer, string, array or object");
    };
  }
}
