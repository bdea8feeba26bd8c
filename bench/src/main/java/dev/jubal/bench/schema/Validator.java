package dev.jubal.bench.schema;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The second opinion: networknt, formats asserted. */
final class Validator {
  private final Schema schema;

  private Validator(Schema schema) {
    this.schema = schema;
  }

  /** Empty if it cannot judge by this schema. */
  static Optional<Validator> of(JsonNode schema) {
    try {
      SchemaRegistry registry =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12, builder -> {});
      Schema made = registry.getSchema(schema.toString(), InputFormat.JSON);
      made.validate("{}", InputFormat.JSON);
      return Optional.of(new Validator(made));
    } catch (RuntimeException | StackOverflowError e) {
      return Optional.empty(); // it fetches nothing and knows not every schema
    }
  }

  /** What is wrong with a document; empty for nothing. */
  String errors(String document) {
    try {
      return schema
          .validate(
              document,
              InputFormat.JSON,
              context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
          .toString()
          .replace("[]", "");
    } catch (RuntimeException | StackOverflowError e) {
      return ""; // the validator gave up, not the document
    }
  }

  /** The schema with anyOf in place of each oneOf: what is enforced. */
  static JsonNode overlapping(JsonNode schema) {
    JsonNode copy = schema.deepCopy();
    replace(copy);
    return copy;
  }

  private static void replace(JsonNode node) {
    if (node instanceof ObjectNode object) {
      JsonNode one = object.get("oneOf");
      if (one instanceof ArrayNode && object.get("anyOf") == null) {
        object.set("anyOf", one);
        object.remove("oneOf");
      } else if (one instanceof ArrayNode) {
        object.remove("oneOf");
        ObjectNode any = object.objectNode().set("anyOf", one);
        object.withArray("/allOf").add(any);
      }
    }
    node.forEach(Validator::replace);
  }
}
