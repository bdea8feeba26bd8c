package dev.jubal.platform.json;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns a request body into a record, strictly: the error names the field, the value found and what
 * was expected. Fields the record does not have are tolerated and reported.
 */
public final class WireReader {
  private WireReader() {}

  /**
   * A read body.
   *
   * @param value the record
   * @param ignored names of fields that have no effect: unknown ones and those accepted as such
   */
  public record Body<T>(T value, List<String> ignored) {}

  /** Reads a body that must be a JSON object. */
  public static <T extends Record> Body<T> read(byte[] body, Class<T> type) {
    JsonNode tree = parse(body);
    if (!(tree instanceof ObjectNode object)) {
      throw new ApiException(
          ErrorCode.INVALID_TYPE,
          "The body is " + RecordShape.kind(tree) + " (expected: a JSON object).");
    }
    return read(object, type);
  }

  /**
   * Reads a body that must be a JSON object of known fields alone, where one that is misspelt could
   * give away a right.
   *
   * @throws ApiException 400 that names the first field that is wrong or unknown
   */
  public static <T extends Record> T readKnown(byte[] body, Class<T> type) {
    Body<T> read = read(body, type);
    if (!read.ignored().isEmpty()) {
      String field = read.ignored().getFirst();
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          field,
          field
              + ": there is no such field (expected: one of "
              + RecordShape.of(type).components().stream()
                  .map(RecordShape.Component::name)
                  .collect(Collectors.joining(", "))
              + ").");
    }
    return read.value();
  }

  /** Reads an object that was parsed before. */
  public static <T extends Record> Body<T> read(ObjectNode object, Class<T> type) {
    return read(object, type, "");
  }

  /** Reads an object inside a body; names of fields start with its path. */
  public static <T extends Record> Body<T> read(ObjectNode object, Class<T> type, String path) {
    List<String> ignored = new ArrayList<>();
    T value = RecordShape.of(type).bind(object, path, ignored);
    return new Body<>(value, List.copyOf(ignored));
  }

  private static JsonNode parse(byte[] body) {
    try {
      JsonNode tree = Json.tree(body);
      if (tree.isMissingNode()) {
        throw new ApiException(
            ErrorCode.INVALID_JSON, "The body is empty (expected: a JSON object).");
      }
      return tree;
    } catch (JacksonException e) {
      throw new ApiException(
          ErrorCode.INVALID_JSON,
          "The body is not valid JSON: "
              + e.getOriginalMessage()
              + place(e.getLocation())
              + " (expected: a JSON object).");
    }
  }

  /** Where it stopped; what is nested too deep, for one, has no place. */
  private static String place(@Nullable TokenStreamLocation at) {
    return at == null ? "" : " at byte " + at.getByteOffset();
  }
}
