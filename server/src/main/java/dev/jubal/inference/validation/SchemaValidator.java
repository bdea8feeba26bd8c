package dev.jubal.inference.validation;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.ValidationLimitExceededException;
import dev.jubal.platform.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * JSON Schema, draft 2020-12 unless a schema says otherwise, its formats asserted. Thread-safe.
 *
 * <p>Schemas come from strangers: nothing is fetched, nothing is kept from one to the next, and
 * steps, depth and patterns are bounded.
 */
public final class SchemaValidator {
  private static final String METASCHEMA = "https://json-schema.org/draft/2020-12/schema";
  private static final String OWN_SCHEMAS = "https://json-schema.org/";
  private static final long MOST_STEPS = 2_000_000;
  private static final int DEEPEST = 400;

  /** Too much work to say. */
  public static final String TOO_EXPENSIVE = "too_expensive";

  /** A schema that the library cannot read. */
  public static final String UNREADABLE = "unreadable_schema";

  /** A text that is no JSON. */
  public static final String NOT_JSON = "not_json";

  /**
   * The first thing that is wrong.
   *
   * @param pointer where, as a JSON pointer; empty for the whole
   * @param cause the keyword that is not satisfied, or one of the names above
   * @param message what was found and what is expected
   */
  public record Fault(String pointer, String cause, String message) {}

  /** What is wrong with a schema itself. */
  public Optional<Fault> faultOfSchema(String schema) {
    return guarded(
        () -> {
          JsonNode node = read(schema);
          SchemaRegistry registry = registry();
          Optional<Fault> fault = first(registry.getSchema(SchemaLocation.of(METASCHEMA)), node);
          if (fault.isEmpty()) {
            registry.getSchema(node).initializeValidators();
          }
          return fault;
        });
  }

  /** What is wrong with a text that should satisfy a schema. */
  public Optional<Fault> faultOf(String text, String schema) {
    JsonNode value;
    try {
      value = read(text);
    } catch (JacksonException e) {
      return Optional.of(notJson(e));
    }
    return guarded(() -> first(registry().getSchema(read(schema)), value));
  }

  /** What is wrong with a text that should be a JSON object. */
  public Optional<Fault> faultOfObject(String text) {
    try {
      return read(text).isObject()
          ? Optional.empty()
          : Optional.of(new Fault("", "type", "it is not a JSON object"));
    } catch (JacksonException e) {
      return Optional.of(notJson(e));
    }
  }

  private static Fault notJson(JacksonException e) {
    return new Fault("", NOT_JSON, "it is not valid JSON: " + e.getOriginalMessage());
  }

  private static JsonNode read(String text) {
    JsonNode node = Json.tree(text.getBytes(StandardCharsets.UTF_8));
    if (node.isMissingNode()) {
      throw new EmptyText();
    }
    return node;
  }

  /** Work of the library that ends in an answer. */
  private interface Work {
    Optional<Fault> run();
  }

  private static Optional<Fault> guarded(Work work) {
    try {
      return work.run();
    } catch (ValidationLimitExceededException | BoundedPattern.Exceeded e) {
      return Optional.of(
          new Fault("", TOO_EXPENSIVE, "it takes too much work to check: " + e.getMessage()));
    } catch (StackOverflowError e) {
      return Optional.of(new Fault("", TOO_EXPENSIVE, "it is too deep to check"));
    } catch (RuntimeException e) {
      // the library throws what it will, such as for a reference to nothing
      return Optional.of(new Fault("", UNREADABLE, "the schema cannot be read: " + e.getMessage()));
    }
  }

  private static Optional<Fault> first(Schema schema, JsonNode value) {
    List<Error> errors =
        schema.validate(
            value,
            context ->
                context.setExecutionConfig(
                    ExecutionConfig.builder()
                        .maxEvaluationSteps(MOST_STEPS)
                        .maxEvaluationDepth(DEEPEST)
                        .formatAssertionsEnabled(true)
                        .locale(Locale.ROOT)
                        .build()));
    return errors.stream().findFirst().map(SchemaValidator::fault);
  }

  private static Fault fault(Error error) {
    return new Fault(
        error.getInstanceLocation().toString(),
        Optional.ofNullable(error.getKeyword()).orElse("false"),
        error.getMessage());
  }

  /** A registry of its own for each schema: what one says its $id is must not reach another. */
  private static SchemaRegistry registry() {
    return SchemaRegistry.withDefaultDialect(
        SpecificationVersion.DRAFT_2020_12,
        builder ->
            builder
                .schemaLoader(l -> l.allow(iri -> iri.toString().startsWith(OWN_SCHEMAS)))
                .schemaRegistryConfig(
                    SchemaRegistryConfig.builder()
                        .regularExpressionFactory(BoundedPattern::new)
                        .locale(Locale.ROOT)
                        .build()));
  }

  /** An empty text, which Jackson reads as nothing. */
  private static final class EmptyText extends JacksonException {
    private static final long serialVersionUID = 1L;

    EmptyText() {
      super("it is empty");
    }
  }
}
