package dev.jubal.api;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.json.RecordShape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The texts that end an answer: up to four of them. */
public final class StopTexts {
  private static final int MOST = 4;

  private StopTexts() {}

  /** The field {@code stop}; none when it is absent or an empty array. */
  public static List<String> read(@Nullable JsonNode stop) {
    if (stop == null) {
      return List.of();
    }
    if (stop.isString()) {
      return List.of(text(stop, "stop"));
    }
    if (stop.size() > MOST) {
      throw ApiException.of(
          ErrorCode.INVALID_VALUE,
          "stop",
          "stop: " + stop.size() + " texts (expected: at most " + MOST + ").");
    }
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < stop.size(); i++) {
      texts.add(text(stop.get(i), "stop[" + i + "]"));
    }
    return texts;
  }

  /** The texts of a field that was read as a list, of which none may be empty. */
  public static List<String> checked(@Nullable List<String> texts, String field) {
    List<String> stops = texts == null ? List.of() : texts;
    int empty = stops.indexOf("");
    if (empty >= 0) {
      String at = field + "[" + empty + "]";
      throw ApiException.of(
          ErrorCode.INVALID_VALUE, at, at + ": \"\" (expected: a text of at least one character).");
    }
    return stops;
  }

  private static String text(JsonNode node, String at) {
    if (!node.isString() || node.stringValue().isEmpty()) {
      throw ApiException.of(
          node.isString() ? ErrorCode.INVALID_VALUE : ErrorCode.INVALID_TYPE,
          at,
          at + ": " + RecordShape.shown(node) + " (expected: a text of at least one character).");
    }
    return node.stringValue();
  }
}
