package dev.jubal.inference.memory;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;

/** What is wrong with the response that a request continues. */
public final class PreviousResponses {
  private PreviousResponses() {}

  /** It is unknown, another team's, deleted or expired: these look alike. */
  public static ApiException notFound(String id) {
    return ApiException.of(
        ErrorCode.PREVIOUS_RESPONSE_NOT_FOUND,
        "previous_response_id",
        "previous_response_id: \""
            + id
            + "\" was not found (expected: the id of a response of this team that was stored and"
            + " has not expired).");
  }
}
