package dev.jubal.api;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a client notes on its request: at most 16 pairs, keys of at most 64 and values of at most
 * 512 characters, all texts, as the references of chat and responses say.
 */
public final class MetadataField {
  private static final String NAME = "metadata";
  private static final int PAIRS = 16;
  private static final int KEY = 64;
  private static final int VALUE = 512;

  private MetadataField() {}

  /**
   * Its pairs, in order; none when it is absent.
   *
   * @throws ApiException 400 that names what is wrong
   */
  public static Map<String, String> read(@Nullable JsonNode metadata) {
    if (metadata == null || metadata.isNull()) {
      return Map.of();
    }
    if (!metadata.isObject()) {
      throw ApiException.of(
          ErrorCode.INVALID_TYPE,
          NAME,
          NAME + ": " + kind(metadata) + " (expected: an object of texts).");
    }
    if (metadata.size() > PAIRS) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          NAME,
          NAME + ": " + metadata.size() + " pairs (expected: at most " + PAIRS + ").");
    }
    Map<String, String> pairs = new LinkedHashMap<>();
    metadata
        .properties()
        .forEach(
            pair -> {
              check(pair.getKey(), pair.getValue());
              pairs.put(pair.getKey(), pair.getValue().stringValue());
            });
    return Collections.unmodifiableMap(pairs);
  }

  private static void check(String key, JsonNode value) {
    int length = length(key);
    if (length > KEY) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          NAME,
          NAME + ": a key of " + length + " characters (expected: at most " + KEY + ").");
    }
    String field = NAME + "." + key;
    if (!value.isString()) {
      throw ApiException.of(
          ErrorCode.INVALID_TYPE, field, field + ": " + kind(value) + " (expected: a string).");
    }
    int size = length(value.stringValue());
    if (size > VALUE) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          field,
          field + ": " + size + " characters (expected: at most " + VALUE + ").");
    }
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String kind(JsonNode value) {
    return value.isArray() ? "an array" : value.isObject() ? "an object" : value.toString();
  }
}
