package dev.jubal.api.management;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.http.Call;
import dev.jubal.platform.json.RecordShape;
import dev.jubal.platform.json.WireReader;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads bodies more strictly than the dialects do: a misspelt right must never pass in silence. */
final class Bodies {
  private Bodies() {}

  /**
   * The body of a call.
   *
   * @throws ApiException 400 that names the first field that is wrong or unknown
   */
  static <T extends Record> T read(Call call, Class<T> type) {
    return WireReader.readKnown(call.takeBody(), type);
  }

  /**
   * A whole number, as such or as text; empty when it is absent or null.
   *
   * @throws ApiException 400 that names the field
   */
  static OptionalLong whole(String field, @Nullable JsonNode node) {
    if (node == null || node.isNull()) {
      return OptionalLong.empty();
    }
    try {
      if (node.isString()) {
        return OptionalLong.of(Long.parseLong(node.stringValue().strip()));
      }
      if (node.canConvertToLong()) {
        return OptionalLong.of(node.longValue());
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw ApiException.of(
        ErrorCode.INVALID_VALUE,
        field,
        field + ": " + RecordShape.shown(node) + " (expected: a whole number of at least 1).");
  }
}
