package dev.jubal.api.xaigrpc;

import com.google.protobuf.Message;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;

/** Errors about a field of a message: where it is, what it holds, what was expected. */
final class Refusal {
  private static final int SHOWN = 80;

  private Refusal() {}

  static ApiException missing(String at, String expected) {
    return ApiException.of(
        ErrorCode.MISSING_FIELD, at, at + " is missing (expected: " + expected + ").");
  }

  static ApiException value(String at, Object found, String expected) {
    return ApiException.of(
        ErrorCode.INVALID_VALUE, at, at + ": " + shown(found) + " (expected: " + expected + ").");
  }

  static ApiException count(String at, int found, String what, String expected) {
    return ApiException.of(
        ErrorCode.INVALID_VALUE,
        at,
        at + ": " + found + " " + what + " (expected: " + expected + ").");
  }

  static ApiException unavailable(String at, Object found, String expected) {
    return ApiException.of(
        ErrorCode.UNSUPPORTED_PARAMETER,
        at,
        at
            + ": "
            + shown(found)
            + " is not available in this version (expected: "
            + expected
            + ").");
  }

  /** A value on one line, its beginning if it is long. */
  private static String shown(Object found) {
    if (found instanceof Message message && message.getAllFields().isEmpty()) {
      return message.getDescriptorForType().getName();
    }
    String text = String.valueOf(found).strip().replaceAll("\\s+", " ");
    String some = text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
    return found instanceof String ? "\"" + some + "\"" : some;
  }
}
