package dev.jubal.api;

import static dev.jubal.platform.json.Field.Support.IGNORED;

import dev.jubal.inference.AnswerFormat;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.json.Field;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The schema of an answer: chat nests it in its format, responses write it flat. */
public record FormatFields(
    @Field("What the client calls it.") @Nullable String name,
    @Field(support = IGNORED) @Nullable String description,
    @Field("JSON Schema, draft 2020-12; the format json_schema needs it.")
        @Nullable ObjectNode schema,
    @Field("Changes nothing: answers always satisfy the schema.") @Nullable Boolean strict) {

  /** The format without a schema: any text. */
  public static final String TEXT = "text";

  /** The format of one JSON object. */
  public static final String JSON_OBJECT = "json_object";

  /** The format with a schema. */
  public static final String JSON_SCHEMA = "json_schema";

  /**
   * The format of an answer.
   *
   * @param type one of the three
   * @param fields of the schema, if there are any
   * @param at path of the object that holds them
   */
  public static AnswerFormat format(String type, @Nullable FormatFields fields, String at) {
    return switch (type) {
      case TEXT -> new AnswerFormat.Text();
      case JSON_OBJECT -> new AnswerFormat.JsonObject();
      case JSON_SCHEMA -> {
        if (fields == null) {
          throw missing(at);
        }
        if (fields.schema == null) {
          throw missing(at + ".schema");
        }
        yield new AnswerFormat.JsonSchema(
            Objects.requireNonNullElse(fields.name, ""),
            SchemaText.of(fields.schema, at + ".schema"));
      }
      default -> throw new IllegalArgumentException(type + " (expected: a checked format)");
    };
  }

  private static ApiException missing(String at) {
    return ApiException.of(
        ErrorCode.MISSING_FIELD,
        at,
        at + " is missing (expected: an object, as the type is json_schema).");
  }
}
