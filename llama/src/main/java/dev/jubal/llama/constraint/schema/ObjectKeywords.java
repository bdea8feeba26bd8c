package dev.jubal.llama.constraint.schema;

import dev.jubal.llama.constraint.document.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the keywords of objects. */
final class ObjectKeywords {
  static final Set<String> NAMES =
      Set.of(
          "properties",
          "patternProperties",
          "additionalProperties",
          "required",
          "propertyNames",
          "minProperties",
          "maxProperties");

  private ObjectKeywords() {}

  static ObjectRule read(String name, Node value, Node schema) {
    return switch (name) {
      case "required" -> ObjectRule.requiring(names(value));
      case "propertyNames" -> ObjectRule.naming(Sub.of(value));
      case "minProperties" -> ObjectRule.size(Values.count(value), -1);
      case "maxProperties" -> ObjectRule.size(0, Values.count(value));
      default -> first(schema, name) ? ObjectRule.layer(layer(schema)) : ObjectRule.ANY;
    };
  }

  /** The three keywords of a layer are read together, at the first of them. */
  private static boolean first(Node schema, String name) {
    for (String keyword : schema.fields.keySet()) {
      if (keyword.endsWith("roperties") && !keyword.startsWith("m") && NAMES.contains(keyword)) {
        return keyword.equals(name);
      }
    }
    return false;
  }

  private static ObjectRule.Layer layer(Node schema) {
    Map<String, Sub> named = new LinkedHashMap<>();
    fields(schema.field("properties")).forEach((key, value) -> named.put(key, Sub.of(value)));
    List<ObjectRule.Matching> matching = new ArrayList<>();
    fields(schema.field("patternProperties"))
        .forEach(
            (pattern, value) ->
                matching.add(
                    new ObjectRule.Matching(
                        new Node(Node.Kind.STRING, value.parent, value.key, pattern, value.number),
                        Sub.of(value))));
    Node additional = schema.field("additionalProperties");
    return new ObjectRule.Layer(
        named, matching, Optional.ofNullable(additional).map(Sub::of), named(schema));
  }

  private static boolean named(Node schema) {
    return schema.field("properties") != null || schema.field("patternProperties") != null;
  }

  private static Map<String, Node> fields(@Nullable Node object) {
    if (object == null) {
      return Map.of();
    }
    if (!object.isObject()) {
      throw object.refused("an object");
    }
    return object.fields;
  }

  /** A list of keys. */
  static Set<String> names(Node list) {
    Set<String> names = new LinkedHashSet<>();
    for (Node name : Values.list(list)) {
      if (!name.isString()) {
        throw name.refused("a string");
      }
      names.add(name.text);
    }
    return names;
  }
}
