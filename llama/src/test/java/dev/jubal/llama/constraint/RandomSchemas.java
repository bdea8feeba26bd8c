package dev.jubal.llama.constraint;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Texts that look like schemas, many of them odd. */
final class RandomSchemas {
  private static final List<String> TYPES =
      List.of("string", "number", "integer", "boolean", "null", "array", "object");
  private static final List<String> VALUES =
      List.of("1", "-2.5", "\"a\"", "\"\"", "null", "true", "[1]", "{\"a\": 1}", "1e3", "\"é\"");
  private static final List<String> PATTERNS =
      List.of("^a+$", "b", "^[a-c]{2,3}$", "^(?!a)\\\\w*$", "\\\\d", "^$", "(x|y)*", "[^\\\\s]");
  private static final List<String> FORMATS =
      List.of("date", "uuid", "email", "ipv4", "date-time", "hostname", "unheard-of");

  private final Random random;

  RandomSchemas(Random random) {
    this.random = random;
  }

  private String one(List<String> of) {
    return of.get(random.nextInt(of.size()));
  }

  String schema(int depth) {
    if (depth == 0 || random.nextInt(12) == 0) {
      return random.nextInt(6) == 0 ? "true" : "{\"type\": \"" + one(TYPES) + "\"}";
    }
    StringBuilder schema = new StringBuilder("{\"title\": \"t\"");
    if (random.nextBoolean()) {
      schema.append(", \"type\": \"").append(one(TYPES)).append('"');
    }
    int keywords = random.nextInt(4);
    int from = random.nextInt(26);
    for (int i = 0; i < keywords; i++) {
      schema.append(", ").append(keyword((from + i * 7) % 26, depth - 1));
    }
    return schema.append('}').toString();
  }

  private String list(Supplier<String> items) {
    StringBuilder list = new StringBuilder("[").append(items.get());
    for (int i = random.nextInt(3); i > 0; i--) {
      list.append(", ").append(items.get());
    }
    return list.append(']').toString();
  }

  private String named(int depth) {
    return "{\"a\": " + schema(depth) + ", \"b\": " + schema(depth) + "}";
  }

  private String keyword(int which, int depth) {
    int number = random.nextInt(6);
    return switch (which) {
      case 0 -> "\"enum\": " + list(() -> one(VALUES));
      case 1 -> "\"const\": " + one(VALUES);
      case 2, 3 -> "\"properties\": " + named(depth);
      case 4 -> "\"required\": [\"a\"]";
      case 5 -> "\"additionalProperties\": " + schema(depth);
      case 6 -> "\"patternProperties\": {\"" + one(PATTERNS) + "\": " + schema(depth) + "}";
      case 7 -> "\"items\": " + schema(depth);
      case 8 -> "\"prefixItems\": " + list(() -> schema(depth));
      case 9 -> "\"minItems\": " + number;
      case 10 -> "\"maxItems\": " + number;
      case 11 -> "\"uniqueItems\": true";
      case 12 -> "\"contains\": " + schema(depth);
      case 13 -> "\"minLength\": " + number;
      case 14 -> "\"maxLength\": " + number;
      case 15 -> "\"pattern\": \"" + one(PATTERNS) + "\"";
      case 16 -> "\"format\": \"" + one(FORMATS) + "\"";
      case 17 -> "\"minimum\": " + (number - 3) + ".5";
      case 18 -> "\"maximum\": " + number;
      case 19 -> "\"anyOf\": " + list(() -> schema(depth));
      case 20 -> "\"allOf\": " + list(() -> schema(depth));
      case 21 -> "\"not\": " + schema(depth);
      case 22 -> "\"if\": " + schema(depth) + ", \"then\": " + schema(depth);
      case 23 -> "\"minProperties\": " + number;
      case 24 -> "\"dependentRequired\": {\"a\": [\"b\"]}";
      default -> "\"propertyNames\": {\"maxLength\": " + number + "}";
    };
  }
}
