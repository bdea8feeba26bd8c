package dev.jubal.platform.http;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;

/**
 * xAI's {@code {"code","error"}} and its statuses, by {@code compat.errors=xai}: a wrong key is a
 * 400, a missing or badly formed field a 422.
 */
public final class XaiErrors implements ErrorRenderer {

  /** The body: a sentence for the kind of error, and the text. */
  public record Body(String code, String error) {}

  @Override
  public int status(ApiException error) {
    return switch (error.code()) {
      case INVALID_API_KEY -> error.text().startsWith("No API key") ? 401 : 400;
      case MISSING_FIELD, INVALID_TYPE -> 422;
      default -> error.code().status();
    };
  }

  @Override
  public Class<Body> form() {
    return Body.class;
  }

  @Override
  public Body body(ApiException error) {
    return new Body(sentence(error.code()), error.text());
  }

  private static String sentence(ErrorCode code) {
    return switch (code.grpcStatus()) {
      case 1 -> "The operation was cancelled";
      case 3 -> "Client specified an invalid argument";
      case 4 -> "The deadline expired before the operation could complete";
      case 5 -> "Some requested entity was not found";
      case 7 -> "The caller does not have permission to execute the specified operation";
      case 8 -> "Some resource has been exhausted";
      case 10 -> "The operation was aborted";
      case 11 -> "Operation was attempted past the valid range";
      case 12 -> "Operation is not implemented or not supported";
      case 14 -> "The service is currently unavailable";
      case 16 -> "The request does not have valid authentication credentials";
      default -> "Internal error";
    };
  }
}
