package dev.jubal.llama.constraint.schema;

import java.util.Locale;
import java.util.Set;

/** The keywords of JSON Schema, of draft 2020-12 and of older drafts. */
final class Keywords {
  /** Those that say nothing of values, or are read together with another. */
  static final Set<String> SILENT =
      Set.of(
          "title",
          "description",
          "$schema",
          "$id",
          "id",
          "$comment",
          "examples",
          "example",
          "default",
          "definitions",
          "$defs",
          "readOnly",
          "writeOnly",
          "deprecated",
          "$anchor",
          "$dynamicAnchor",
          "$recursiveAnchor",
          "$vocabulary",
          "contentMediaType",
          "contentEncoding",
          "contentSchema",
          "nullable");

  /** Those that {@link Spreading} knows. */
  static final Set<String> ENFORCED =
      Set.of(
          "type",
          "enum",
          "const",
          "properties",
          "required",
          "additionalProperties",
          "patternProperties",
          "propertyNames",
          "minProperties",
          "maxProperties",
          "items",
          "prefixItems",
          "additionalItems",
          "minItems",
          "maxItems",
          "uniqueItems",
          "contains",
          "minContains",
          "maxContains",
          "minLength",
          "maxLength",
          "pattern",
          "format",
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "multipleOf",
          "anyOf",
          "oneOf",
          "allOf",
          "not",
          "if",
          "then",
          "else",
          "$ref",
          "$dynamicRef",
          "dependentRequired",
          "dependentSchemas",
          "dependencies",
          "unevaluatedProperties",
          "unevaluatedItems");

  /** Constraints of older drafts that are not enforced. */
  static final Set<String> REFUSED = Set.of("$recursiveRef", "extends", "disallow", "divisibleBy");

  private Keywords() {}

  /** The keyword a name is most likely meant to be; empty if it is simply something else. */
  static String meant(String name) {
    if (name.startsWith("_") || name.startsWith("x-")) {
      return ""; // names that people set apart on purpose
    }
    String plain = plain(name);
    for (String keyword : ENFORCED) {
      String known = plain(keyword);
      if (known.equals(plain) || (known.length() >= 8 && oneOff(known, plain))) {
        return keyword;
      }
    }
    return "";
  }

  private static String plain(String name) {
    return name.replaceAll("[-_ ]", "").toLowerCase(Locale.ROOT);
  }

  /** Whether one letter is missing, too many or wrong, or two have changed places. */
  private static boolean oneOff(String known, String name) {
    int same = 0;
    int shorter = Math.min(known.length(), name.length());
    while (same < shorter && known.charAt(same) == name.charAt(same)) {
      same++;
    }
    String a = known.substring(same);
    String b = name.substring(same);
    return switch (a.length() - b.length()) {
      case 1 -> a.substring(1).equals(b);
      case -1 -> b.substring(1).equals(a);
      case 0 ->
          a.length() > 1
              && (a.substring(1).equals(b.substring(1))
                  || (a.charAt(0) == b.charAt(1)
                      && a.charAt(1) == b.charAt(0)
                      && a.substring(2).equals(b.substring(2))));
      default -> false;
    };
  }
}
