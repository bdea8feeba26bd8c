package dev.jubal.api.openapi;

import dev.jubal.platform.json.Field;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.json.RecordShape;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a request may hold, from the same {@link RecordShape} that checks it. */
final class RequestSchema {
  private final Schemas schemas;

  RequestSchema(Schemas schemas) {
    this.schemas = schemas;
  }

  ObjectNode of(Class<?> type) {
    return schemas.reference(type, true, () -> object(type));
  }

  private ObjectNode object(Class<?> type) {
    ObjectNode schema = Json.mapper().createObjectNode().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = Json.mapper().createArrayNode();
    for (RecordShape.Component c : RecordShape.of(type).components()) {
      properties.set(c.name(), component(c));
      if (c.rule() != null && c.rule().required()) {
        required.add(c.name());
      }
    }
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    return schema;
  }

  private ObjectNode component(RecordShape.Component c) {
    Field rule = c.rule();
    if (rule == null) {
      return nullable(value(c.type(), null));
    }
    ObjectNode schema =
        switch (rule.support()) {
          case USED, IGNORED -> value(c.type(), rule);
          case SILENT, REFUSED -> Json.mapper().createObjectNode();
        };
    String text =
        (rule.value()
                + " "
                + switch (rule.support()) {
                  case USED -> "";
                  case IGNORED -> "Accepted without effect, and named in x-jubal-ignored.";
                  case SILENT -> "Accepted without effect.";
                  case REFUSED ->
                      "Not available in this version: a value that asks for something is a 400.";
                })
            .strip();
    if (!text.isEmpty()) {
      schema.put("description", text);
    }
    return rule.required() ? schema : nullable(schema);
  }

  private ObjectNode value(Type type, @Nullable Field rule) {
    ObjectNode schema = typed(type, rule);
    if (rule != null) {
      bounds(schema, type, rule);
      if (rule.oneOf().length > 0) {
        ArrayNode values = schema.putArray("enum");
        List.of(rule.oneOf()).forEach(values::add);
      }
    }
    return schema;
  }

  private ObjectNode typed(Type type, @Nullable Field rule) {
    ObjectNode schema = Json.mapper().createObjectNode();
    if (type instanceof ParameterizedType p) {
      Type[] of = p.getActualTypeArguments();
      if (p.getRawType() == List.class) {
        schema.put("type", "array").set("items", value(of[0], null));
      } else {
        schema.put("type", "object").set("additionalProperties", value(of[1], null));
      }
      return schema;
    }
    if (type instanceof Class<?> c && c.isRecord()) {
      return of(c);
    }
    String name = primitive(type);
    if (!name.isEmpty()) {
      schema.put("type", name);
    } else if (rule != null && rule.types().length > 0) {
      ArrayNode types = schema.putArray("type");
      List.of(rule.types()).forEach(types::add);
    }
    return schema;
  }

  /** Empty for any JSON. */
  private static String primitive(Type type) {
    if (type == String.class) {
      return "string";
    }
    if (type == Boolean.class) {
      return "boolean";
    }
    if (type == Integer.class || type == Long.class) {
      return "integer";
    }
    if (type == Double.class) {
      return "number";
    }
    return type == ObjectNode.class ? "object" : "";
  }

  private static void bounds(ObjectNode schema, Type type, Field rule) {
    boolean list = type instanceof ParameterizedType;
    put(schema, list ? "minItems" : "minimum", rule.min());
    put(schema, list ? "maxItems" : "maximum", rule.max());
  }

  private static void put(ObjectNode schema, String key, double bound) {
    if (Double.isInfinite(bound)) {
      return;
    }
    if (bound == Math.rint(bound)) {
      schema.put(key, (long) bound);
    } else {
      schema.put(key, bound);
    }
  }

  /** The same, or null, which is never a value. */
  private static ObjectNode nullable(ObjectNode schema) {
    if (schema.has("$ref")) {
      ObjectNode either = Json.mapper().createObjectNode();
      if (schema.has("description")) {
        either.set("description", schema.remove("description"));
      }
      either.putArray("anyOf").add(schema).addObject().put("type", "null");
      return either;
    }
    if (schema.path("type").isString()) {
      String type = schema.path("type").stringValue();
      schema.putArray("type").add(type).add("null");
    } else if (schema.get("type") instanceof ArrayNode types) {
      types.add("null");
    }
    if (schema.get("enum") instanceof ArrayNode values) {
      values.addNull();
    }
    return schema;
  }
}
