package dev.jubal.api.openapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.json.RecordShape;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an answer holds, from its record: a component that may be null is absent then, unless the
 * record says that null is written.
 */
final class ResponseSchema {
  private static final Map<Class<?>, String> PRIMITIVES =
      Map.ofEntries(
          Map.entry(String.class, "string"),
          Map.entry(boolean.class, "boolean"),
          Map.entry(Boolean.class, "boolean"),
          Map.entry(int.class, "integer"),
          Map.entry(Integer.class, "integer"),
          Map.entry(long.class, "integer"),
          Map.entry(Long.class, "integer"),
          Map.entry(double.class, "number"),
          Map.entry(Double.class, "number"),
          Map.entry(float.class, "number"),
          Map.entry(Float.class, "number"),
          Map.entry(ObjectNode.class, "object"),
          Map.entry(ArrayNode.class, "array"));

  private final Schemas schemas;

  ResponseSchema(Schemas schemas) {
    this.schemas = schemas;
  }

  ObjectNode of(Class<?> type) {
    ObjectNode schema = Json.mapper().createObjectNode();
    String primitive = PRIMITIVES.get(type);
    if (primitive != null) {
      return schema.put("type", primitive);
    }
    if (type == Object.class || type == JsonNode.class) {
      return schema;
    }
    if (type.isEnum()) {
      ArrayNode values = schema.put("type", "string").putArray("enum");
      for (Object constant : type.getEnumConstants()) {
        values.add(Json.tree(Json.bytes(constant)));
      }
      return schema;
    }
    if (type.isRecord()) {
      return record(type);
    }
    if (type.isSealed()) {
      ArrayNode any = schema.putArray("anyOf");
      for (Class<?> form : type.getPermittedSubclasses()) {
        any.add(of(form));
      }
      return schema;
    }
    throw new IllegalStateException("an answer cannot be described: it holds " + type);
  }

  private ObjectNode record(Class<?> type) {
    for (RecordComponent c : type.getRecordComponents()) {
      if (c.getAccessor().isAnnotationPresent(JsonValue.class)) {
        return of(c.getAnnotatedType());
      }
    }
    return schemas.reference(type, false, () -> object(type));
  }

  private ObjectNode object(Class<?> type) {
    ObjectNode schema = Json.mapper().createObjectNode().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = Json.mapper().createArrayNode();
    for (RecordComponent c : type.getRecordComponents()) {
      ObjectNode value = of(c.getAnnotatedType());
      boolean nullable = isNullable(c.getAnnotatedType());
      boolean written = nullIsWritten(c, type);
      properties.set(name(c), nullable && written ? orNull(value) : value);
      if (!nullable || written) {
        required.add(name(c));
      }
    }
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    return schema;
  }

  private static String name(RecordComponent c) {
    JsonProperty given = c.getAccessor().getAnnotation(JsonProperty.class);
    return given == null || given.value().isEmpty() ? RecordShape.wireName(c) : given.value();
  }

  private static boolean isNullable(AnnotatedType type) {
    return type.isAnnotationPresent(Nullable.class);
  }

  private static boolean nullIsWritten(RecordComponent c, Class<?> type) {
    JsonInclude own = c.getAccessor().getAnnotation(JsonInclude.class);
    JsonInclude rule = own == null ? type.getAnnotation(JsonInclude.class) : own;
    return rule != null && rule.value() == JsonInclude.Include.ALWAYS;
  }

  private ObjectNode of(AnnotatedType annotated) {
    Type type = annotated.getType();
    ObjectNode schema = Json.mapper().createObjectNode();
    if (annotated instanceof AnnotatedParameterizedType p) {
      return container(p);
    }
    if (annotated instanceof AnnotatedArrayType a) {
      if (type == byte[].class) {
        return schema.put("type", "string").put("contentEncoding", "base64");
      }
      schema.put("type", "array").set("items", element(a.getAnnotatedGenericComponentType()));
      return schema;
    }
    if (type instanceof Class<?> c) {
      return of(c);
    }
    throw new IllegalStateException("an answer cannot be described: it holds " + type);
  }

  private ObjectNode container(AnnotatedParameterizedType type) {
    ObjectNode schema = Json.mapper().createObjectNode();
    Class<?> raw = (Class<?>) ((ParameterizedType) type.getType()).getRawType();
    AnnotatedType[] of = type.getAnnotatedActualTypeArguments();
    if (Collection.class.isAssignableFrom(raw)) {
      schema.put("type", "array").set("items", element(of[0]));
    } else if (Map.class.isAssignableFrom(raw)) {
      schema.put("type", "object").set("additionalProperties", element(of[1]));
    } else if (raw == Optional.class) {
      return orNull(of(of[0]));
    } else {
      throw new IllegalStateException("an answer cannot be described: it holds " + raw);
    }
    return schema;
  }

  private ObjectNode element(AnnotatedType type) {
    ObjectNode schema = of(type);
    return isNullable(type) ? orNull(schema) : schema;
  }

  private static ObjectNode orNull(ObjectNode schema) {
    if (schema.isEmpty()) {
      return schema; // anything, null among it
    }
    ObjectNode either = Json.mapper().createObjectNode();
    either.putArray("anyOf").add(schema).addObject().put("type", "null");
    return either;
  }
}
