package dev.jubal.api;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.json.RecordShape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The field {@code stop}: a text or up to four of them. */
public final class StopTexts {
  private static final int MOST = 4;

  private StopTexts() {}

  /** The texts; none when the field is absent or an empty array. */
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
