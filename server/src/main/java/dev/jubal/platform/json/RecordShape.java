package dev.jubal.platform.json;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields of a wire record and how to fill them from an object.
 *
 * <p>Component types: String, Boolean, Integer, Long, Double, JsonNode, ObjectNode, a record, a
 * List or a Map with String keys of these. Everything may be absent unless {@link Field#required}.
 */
public final class RecordShape<T> {
  private static final ClassValue<RecordShape<?>> SHAPES =
      new ClassValue<>() {
        @Override
        protected RecordShape<?> computeValue(Class<?> type) {
          return new RecordShape<>(type);
        }
      };

  private final MethodHandle constructor;
  private final List<Part> parts;
  private final List<Component> components;
  private final Set<String> names;

  /** One field: its wire name, its Java type and what it may hold. */
  public record Component(String name, Type type, @Nullable Field rule) {}

  /** A component of the record: a field, or the fields of a record inside of it. */
  private record Part(Component component, @Nullable RecordShape<?> inline) {
    static Part of(RecordComponent c) {
      return new Part(
          new Component(wireName(c), c.getGenericType(), c.getAnnotation(Field.class)),
          c.isAnnotationPresent(Inline.class) ? RecordShape.ofRecord(c.getType()) : null);
    }

    Stream<Component> components() {
      return inline == null ? Stream.of(component) : inline.components().stream();
    }
  }

  private RecordShape(Class<T> type) {
    RecordComponent[] declared = type.getRecordComponents();
    this.parts = Arrays.stream(declared).map(Part::of).toList();
    this.components = parts.stream().flatMap(Part::components).toList();
    this.names = components.stream().map(Component::name).collect(Collectors.toUnmodifiableSet());
    Class<?>[] types =
        Arrays.stream(declared).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      var constructorOf = type.getDeclaredConstructor(types);
      constructorOf.setAccessible(true);
      this.constructor =
          MethodHandles.lookup()
              .unreflectConstructor(constructorOf)
              .asSpreader(Object[].class, types.length)
              .asType(MethodType.methodType(Object.class, Object[].class));
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("not a wire record: " + type, e);
    }
  }

  @SuppressWarnings("unchecked") // the cache maps each class to its own shape
  public static <T> RecordShape<T> of(Class<T> type) {
    return (RecordShape<T>) SHAPES.get(type);
  }

  private static RecordShape<?> ofRecord(Class<?> type) {
    return of(type);
  }

  /** The fields, those of inlined records among them. */
  public List<Component> components() {
    return components;
  }

  /** Fills the record; adds the paths of fields without effect to {@code ignored}. */
  T bind(ObjectNode object, String path, List<String> ignored) {
    T bound = fill(object, path, ignored);
    for (String name : object.propertyNames()) {
      if (!names.contains(name) && !object.get(name).isNull()) {
        ignored.add(path.isEmpty() ? name : path + "." + name);
      }
    }
    return bound;
  }

  private T fill(ObjectNode object, String path, List<String> ignored) {
    @Nullable Object[] values = new @Nullable Object[parts.size()];
    for (int i = 0; i < values.length; i++) {
      RecordShape<?> inline = parts.get(i).inline;
      Component c = parts.get(i).component;
      String at = path.isEmpty() ? c.name : path + "." + c.name;
      values[i] =
          inline != null
              ? inline.fill(object, path, ignored)
              : component(c, object.get(c.name), at, ignored);
    }
    return construct(values);
  }

  @SuppressWarnings("unchecked") // the constructor is that of T
  private T construct(@Nullable Object[] values) {
    try {
      return (T) constructor.invokeExact(values);
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("cannot construct a wire record", e);
    }
  }

  private @Nullable Object component(
      Component c, @Nullable JsonNode node, String at, List<String> ignored) {
    Field rule = c.rule;
    if (node == null || node.isNull()) {
      if (rule != null && rule.required()) {
        throw ApiException.of(
            ErrorCode.MISSING_FIELD,
            at,
            at + " is missing (expected: " + expected(c.type, rule) + ").");
      }
      return null;
    }
    if (rule == null) {
      return value(c.type, null, node, at, ignored);
    }
    return switch (rule.support()) {
      case USED -> value(c.type, rule, node, at, ignored);
      case SILENT -> null;
      case IGNORED -> {
        Object read = value(c.type, rule, node, at, ignored);
        if (!neutral(node, rule)) {
          ignored.add(at);
        }
        yield read;
      }
      case REFUSED -> {
        if (!neutral(node, rule)) {
          throw ApiException.of(
              ErrorCode.UNSUPPORTED_PARAMETER,
              at,
              at + ": " + shown(node) + " is not available in this version (expected: absent).");
        }
        yield typed(c.type, null, node, at, ignored); // for dialects that repeat it
      }
    };
  }

  static boolean neutral(JsonNode node, Field rule) {
    if (node.isNull()
        || (node.isContainer() && node.isEmpty() && !rule.emptyAsks())
        || (node.isBoolean() && !node.booleanValue())) {
      return true;
    }
    return Arrays.stream(rule.neutral())
        .anyMatch(n -> node.equals(Json.tree(n.getBytes(java.nio.charset.StandardCharsets.UTF_8))));
  }

  private static @Nullable Object value(
      Type type, @Nullable Field rule, JsonNode node, String at, List<String> ignored) {
    Object read = typed(type, rule, node, at, ignored);
    if (read == null) {
      throw ApiException.of(
          ErrorCode.INVALID_TYPE,
          at,
          at + ": " + shown(node) + " (expected: " + expected(type, rule) + ").");
    }
    if (rule != null && !allowed(read, rule)) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          at,
          at + ": " + shown(node) + " (expected: " + expected(type, rule) + ").");
    }
    return read;
  }

  private static @Nullable Object typed(
      Type type, @Nullable Field rule, JsonNode node, String at, List<String> ignored) {
    if (type instanceof ParameterizedType p) {
      return container(p, node, at, ignored);
    }
    if (type == String.class) {
      return node.isString() ? node.stringValue() : null;
    }
    if (type == Boolean.class) {
      return node.isBoolean() ? node.booleanValue() : null;
    }
    if (type == Double.class) {
      OptionalDouble value = node.doubleValueOpt(); // none for a whole number beyond all doubles
      return value.isPresent() ? value.getAsDouble() : null;
    }
    if (type == Integer.class) {
      return whole(node) && node.canConvertToInt() ? node.intValue() : null;
    }
    if (type == Long.class) {
      return whole(node) && node.canConvertToLong() ? node.longValue() : null;
    }
    if (type == ObjectNode.class) {
      return node instanceof ObjectNode ? node : null;
    }
    if (type == JsonNode.class) {
      return rule == null || hasType(rule, node) ? node : null;
    }
    if (type instanceof Class<?> c && c.isRecord()) {
      return node instanceof ObjectNode o ? of(c).bind(o, at, ignored) : null;
    }
    throw new IllegalStateException("a wire record cannot hold " + type);
  }

  private static boolean hasType(Field rule, JsonNode node) {
    return rule.types().length == 0 || List.of(rule.types()).contains(jsonType(node));
  }

  /** 3 and 3.0 are both whole: some clients write every number as a float. */
  private static boolean whole(JsonNode node) {
    return node.isIntegralNumber()
        || (node.isNumber() && node.doubleValue() == Math.rint(node.doubleValue()));
  }

  private static @Nullable Object container(
      ParameterizedType type, JsonNode node, String at, List<String> ignored) {
    if (type.getRawType() == List.class) {
      if (!node.isArray()) {
        return null;
      }
      List<Object> list = new ArrayList<>(node.size());
      for (int i = 0; i < node.size(); i++) {
        list.add(
            value(
                type.getActualTypeArguments()[0], null, node.get(i), at + "[" + i + "]", ignored));
      }
      return list;
    }
    if (!node.isObject()) {
      return null;
    }
    Map<String, Object> map = new LinkedHashMap<>();
    node.properties()
        .forEach(
            e ->
                map.put(
                    e.getKey(),
                    value(
                        type.getActualTypeArguments()[1],
                        null,
                        e.getValue(),
                        at + "." + e.getKey(),
                        ignored)));
    return map;
  }

  private static boolean allowed(Object value, Field rule) {
    double measure =
        switch (value) {
          case Number n -> n.doubleValue();
          case List<?> l -> l.size();
          default -> Double.NaN;
        };
    if (measure < rule.min() || measure > rule.max()) {
      return false;
    }
    return !(value instanceof String s)
        || rule.oneOf().length == 0
        || List.of(rule.oneOf()).contains(s);
  }

  private static String expected(Type type, @Nullable Field rule) {
    if (rule == null) {
      return noun(type, rule);
    }
    if (rule.oneOf().length > 0) {
      return "one of " + String.join(", ", rule.oneOf());
    }
    boolean list = type instanceof ParameterizedType;
    StringBuilder text = new StringBuilder(noun(type, rule));
    String unit = list ? " elements" : "";
    boolean low = rule.min() != Double.NEGATIVE_INFINITY;
    boolean high = rule.max() != Double.POSITIVE_INFINITY;
    if (low && high) {
      text.append(" from ")
          .append(number(rule.min()))
          .append(" to ")
          .append(number(rule.max()))
          .append(unit);
    } else if (low) {
      text.append(" of at least ").append(number(rule.min())).append(unit);
    } else if (high) {
      text.append(" of at most ").append(number(rule.max())).append(unit);
    }
    return text.toString();
  }

  private static String noun(Type type, @Nullable Field rule) {
    if (type instanceof ParameterizedType p) {
      return p.getRawType() == List.class ? "an array" : "an object";
    }
    if (type == JsonNode.class && rule != null && rule.types().length > 0) {
      return String.join(" or ", rule.types());
    }
    if (type == String.class) {
      return "a string";
    }
    if (type == Boolean.class) {
      return "true or false";
    }
    if (type == Integer.class || type == Long.class) {
      return "a whole number";
    }
    return type == Double.class ? "a number" : "an object";
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  /** A value as it may stand in a message: short, and without line breaks. */
  public static String shown(JsonNode node) {
    String text = node.toString();
    return text.length() <= 80 ? text : text.substring(0, 77) + "...";
  }

  static String kind(JsonNode node) {
    String type = jsonType(node);
    return (type.equals("array") || type.equals("object") || type.equals("integer") ? "an " : "a ")
        + type;
  }

  private static String jsonType(JsonNode node) {
    return switch (node.getNodeType()) {
      case ARRAY -> "array";
      case OBJECT, POJO -> "object";
      case BOOLEAN -> "boolean";
      case NUMBER -> whole(node) ? "integer" : "number";
      case STRING, BINARY -> "string";
      case NULL, MISSING -> "null";
    };
  }

  /** The wire name of a component: snake_case, unless its record is {@link CamelCase}. */
  public static String wireName(RecordComponent component) {
    return component.getDeclaringRecord().isAnnotationPresent(CamelCase.class)
        ? component.getName()
        : snake(component.getName());
  }

  /** camelCase to snake_case. */
  public static String snake(String name) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (Character.isUpperCase(c)) {
        out.append('_').append(Character.toLowerCase(c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
