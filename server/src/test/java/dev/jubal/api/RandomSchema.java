package dev.jubal.api;

import dev.jubal.platform.json.Json;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Schemas as strangers send them: right, nearly right, absurd and hostile; the same by seed. */
final class RandomSchema {
  private static final List<String> TYPES =
      List.of("string", "number", "integer", "boolean", "null", "array", "object", "no-such-type");
  private static final List<String> PATTERNS =
      List.of(
          "^a+$", "(a+)+$", "(", "\\p{L}{1,9}", "(?=x)y", "[^\\s]*", "(a|b|ab)*c", "\\1(x)", "");
  private static final List<String> FORMATS =
      List.of("date", "date-time", "uuid", "email", "ipv4", "ipv6", "uri", "regex", "nonsense");
  private static final List<String> REFERENCES =
      List.of("#", "#/$defs/a", "#/properties/a", "#nothing", "https://x.invalid/s", "%%", "");
  private static final List<String> NAMES = List.of("a", "b", "", "é\n", "$ref", "__proto__", "🙂");

  private final Random random;

  RandomSchema(Random random) {
    this.random = random;
  }

  /** Any JSON value, often not what is expected. */
  JsonNode junk(int depth) {
    return switch (random.nextInt(9)) {
      case 0 -> Json.mapper().nullNode();
      case 1 -> Json.mapper().getNodeFactory().booleanNode(random.nextBoolean());
      case 2 -> Json.mapper().getNodeFactory().numberNode(random.nextInt() * 1e300);
      case 3 -> Json.mapper().getNodeFactory().numberNode(random.nextInt(5) - 2);
      case 4 -> Json.mapper().getNodeFactory().stringNode(pick(NAMES).repeat(random.nextInt(400)));
      case 5 -> Json.mapper().createArrayNode();
      case 6 -> Json.mapper().createObjectNode();
      case 7 -> depth > 0 ? schema(depth - 1) : Json.mapper().createObjectNode();
      default -> {
        ArrayNode array = Json.mapper().createArrayNode();
        int size = random.nextInt(4);
        for (int i = 0; i < size; i++) {
          array.add(depth > 0 ? junk(depth - 1) : Json.mapper().nullNode());
        }
        yield array;
      }
    };
  }

  /** A schema, mostly. */
  ObjectNode schema(int depth) {
    ObjectNode schema = Json.mapper().createObjectNode();
    if (random.nextInt(4) > 0) {
      schema.put("type", pick(TYPES));
    }
    int keywords = random.nextInt(4);
    for (int i = 0; i < keywords; i++) {
      keyword(schema, depth);
    }
    return schema;
  }

  private void keyword(ObjectNode schema, int depth) {
    if (random.nextInt(12) == 0) {
      schema.set(
          pick(List.of("type", "properties", "items", "enum", "$ref", "allOf")), junk(depth));
      return;
    }
    switch (random.nextInt(15)) {
      case 0 -> schema.put("minLength", random.nextInt(9) - 1);
      case 1 -> schema.put("maxLength", random.nextInt(2) * 1_000_000_000);
      case 2 -> schema.put("pattern", pick(PATTERNS));
      case 3 -> schema.put("format", pick(FORMATS));
      case 4 -> schema.put("minimum", random.nextGaussian() * 1e9);
      case 5 -> schema.put("multipleOf", random.nextInt(3) / 10.0);
      case 6 -> schema.put("minItems", random.nextInt(3) * 100_000);
      case 7 -> schema.set("enum", values(random.nextInt(3) == 0 ? 2000 : 3));
      case 8 -> schema.set("const", junk(1));
      case 9 -> schema.put("$ref", pick(REFERENCES));
      case 10 -> schema.set("not", below(depth));
      case 11 -> schema.set(pick(List.of("anyOf", "oneOf", "allOf")), list(depth));
      case 12 -> schema.set("items", below(depth));
      case 13 -> schema.set("additionalProperties", below(depth));
      default -> properties(schema, depth);
    }
  }

  private void properties(ObjectNode schema, int depth) {
    ObjectNode properties = schema.putObject(random.nextBoolean() ? "properties" : "$defs");
    ArrayNode required = Json.mapper().createArrayNode();
    int size = random.nextInt(4);
    for (int i = 0; i < size; i++) {
      String name = pick(NAMES);
      properties.set(name, below(depth));
      required.add(name);
    }
    if (random.nextBoolean()) {
      schema.set("required", required);
    }
  }

  private ArrayNode values(int size) {
    ArrayNode array = Json.mapper().createArrayNode();
    for (int i = 0; i < size; i++) {
      array.add(pick(NAMES) + i);
    }
    return array;
  }

  private ArrayNode list(int depth) {
    ArrayNode array = Json.mapper().createArrayNode();
    int size = random.nextInt(4);
    for (int i = 0; i < size; i++) {
      array.add(below(depth));
    }
    return array;
  }

  private JsonNode below(int depth) {
    return depth > 0 ? schema(depth - 1) : Json.mapper().createObjectNode();
  }

  /** One schema inside of another, many times. */
  static ObjectNode deep(int depth) {
    ObjectNode schema = Json.mapper().createObjectNode().put("type", "string");
    for (int i = 0; i < depth; i++) {
      ObjectNode outer = Json.mapper().createObjectNode().put("type", "object");
      outer.putObject("properties").set("a", schema);
      schema = outer;
    }
    return schema;
  }

  <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
