package dev.jubal.platform.error;

import java.util.Locale;

/**
 * Every way a request can fail, and what each dialect calls it.
 *
 * <p>{@code docs/generated/errors.md} is made from this enum. The gRPC status is its number in
 * google.rpc.Code. Sources: api.x.ai's error pages; the error references of the OpenAI and
 * Anthropic APIs.
 */
public enum ErrorCode {
  INVALID_JSON(
      400,
      "invalid_request_error",
      "invalid_request_error",
      3,
      Blame.CLIENT,
      false,
      "The body is not JSON."),
  MISSING_FIELD(
      400,
      "invalid_request_error",
      "invalid_request_error",
      3,
      Blame.CLIENT,
      false,
      "A required field is absent."),
  INVALID_TYPE(
      400,
      "invalid_request_error",
      "invalid_request_error",
      3,
      Blame.CLIENT,
      false,
      "A field holds a value of another type."),
  INVALID_VALUE(
      400,
      "invalid_request_error",
      "invalid_request_error",
      3,
      Blame.CLIENT,
      false,
      "A field holds a value that is not allowed."),
  UNSUPPORTED_PARAMETER(
      400,
      "invalid_request_error",
      "invalid_request_error",
      3,
      Blame.CLIENT,
      false,
      "The field is known, but not available here or for this model."),
  CONTEXT_LENGTH_EXCEEDED(
      400,
      "invalid_request_error",
      "invalid_request_error",
      3,
      Blame.CLIENT,
      false,
      "The prompt is longer than the model's context; nothing is cut in silence."),
  PREVIOUS_RESPONSE_NOT_FOUND(
      400,
      "invalid_request_error",
      "invalid_request_error",
      5,
      Blame.CLIENT,
      false,
      "The response to be continued is unknown, of another team, deleted or expired."),
  WEBSOCKET_CONNECTION_LIMIT_REACHED(
      400,
      "invalid_request_error",
      "invalid_request_error",
      10,
      Blame.CLIENT,
      true,
      "The WebSocket was open for as long as one may be: open another one."),
  INVALID_API_KEY(
      401,
      "invalid_request_error",
      "authentication_error",
      16,
      Blame.CLIENT,
      false,
      "The key is absent, unknown, disabled or expired."),
  SIGN_IN_FAILED(
      401,
      "invalid_request_error",
      "authentication_error",
      16,
      Blame.CLIENT,
      false,
      "The identity provider did not prove who an operator is."),
  PERMISSION_DENIED(
      403,
      "permission_error",
      "permission_error",
      7,
      Blame.CLIENT,
      false,
      "The key may not use this endpoint or model."),
  NOT_FOUND(
      404,
      "invalid_request_error",
      "not_found_error",
      5,
      Blame.CLIENT,
      false,
      "There is no such thing at this address."),
  MODEL_NOT_FOUND(
      404,
      "invalid_request_error",
      "not_found_error",
      5,
      Blame.CLIENT,
      false,
      "There is no model of that name that this key may use."),
  METHOD_NOT_ALLOWED(
      405,
      "invalid_request_error",
      "invalid_request_error",
      12,
      Blame.CLIENT,
      false,
      "The path exists, but not for this method."),
  REQUEST_TIMEOUT(
      408,
      "invalid_request_error",
      "invalid_request_error",
      4,
      Blame.CLIENT,
      true,
      "The request did not arrive in time."),
  CONFLICT(
      409,
      "invalid_request_error",
      "invalid_request_error",
      10,
      Blame.CLIENT,
      false,
      "The request contradicts the present state."),
  BODY_TOO_LARGE(
      413,
      "invalid_request_error",
      "request_too_large",
      11,
      Blame.CLIENT,
      false,
      "The body is larger than the limit."),
  UNSUPPORTED_MEDIA_TYPE(
      415,
      "invalid_request_error",
      "invalid_request_error",
      3,
      Blame.CLIENT,
      false,
      "The body is not declared as JSON."),
  RATE_LIMIT_EXCEEDED(
      429,
      "rate_limit_error",
      "rate_limit_error",
      8,
      Blame.LIMITS,
      true,
      "Too many requests or tokens in the window, or too much open at once."),
  INSUFFICIENT_QUOTA(
      429,
      "insufficient_quota",
      "rate_limit_error",
      8,
      Blame.LIMITS,
      false,
      "A budget or the credits are used up: trying again does not help before they are changed."),
  CLIENT_CLOSED_REQUEST(
      499,
      "invalid_request_error",
      "invalid_request_error",
      1,
      Blame.CLIENT,
      false,
      "The client left before the answer was complete."),
  CAPACITY_EXCEEDED(
      498,
      "server_error",
      "overloaded_error",
      14,
      Blame.LIMITS,
      true,
      "The engine's queue is full, or the request waited longer than allowed."),
  INTERNAL_ERROR(
      500,
      "server_error",
      "api_error",
      13,
      Blame.SERVER,
      true,
      "A defect of the server; the request id finds it in the log."),
  NOT_IMPLEMENTED(
      501,
      "server_error",
      "api_error",
      12,
      Blame.SERVER,
      false,
      "Known, but not part of this version."),
  UPSTREAM_ERROR(
      502,
      "server_error",
      "api_error",
      14,
      Blame.UPSTREAM,
      true,
      "The backend failed while it worked on the request."),
  SCHEMA_NOT_MET(
      502,
      "server_error",
      "api_error",
      13,
      Blame.UPSTREAM,
      true,
      "The model did not satisfy the request's schema, however often it was asked."),
  SERVICE_UNAVAILABLE(
      503,
      "server_error",
      "overloaded_error",
      14,
      Blame.SERVER,
      true,
      "The server is stopping, or the model cannot be loaded now."),
  LEDGER_UNAVAILABLE(
      503,
      "server_error",
      "overloaded_error",
      14,
      Blame.SERVER,
      true,
      "The ledger cannot be written, and nothing is done without it."),
  FIRST_TOKEN_TIMEOUT(
      504,
      "server_error",
      "timeout_error",
      4,
      Blame.UPSTREAM,
      true,
      "No first token within the limit, counted from the slot."),
  IDLE_TIMEOUT(
      504,
      "server_error",
      "timeout_error",
      4,
      Blame.UPSTREAM,
      true,
      "No further token within the limit."),
  TOTAL_TIMEOUT(
      504,
      "server_error",
      "timeout_error",
      4,
      Blame.UPSTREAM,
      true,
      "The whole request took longer than the limit.");

  private final int status;
  private final String openAiType;
  private final String anthropicType;
  private final int grpcStatus;
  private final Blame blame;
  private final boolean retryable;
  private final String meaning;

  ErrorCode(
      int status,
      String openAiType,
      String anthropicType,
      int grpcStatus,
      Blame blame,
      boolean retryable,
      String meaning) {
    this.status = status;
    this.openAiType = openAiType;
    this.anthropicType = anthropicType;
    this.grpcStatus = grpcStatus;
    this.blame = blame;
    this.retryable = retryable;
    this.meaning = meaning;
  }

  /** The name on the wire, such as {@code invalid_api_key}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  public int status() {
    return status;
  }

  public String openAiType() {
    return openAiType;
  }

  public String anthropicType() {
    return anthropicType;
  }

  public int grpcStatus() {
    return grpcStatus;
  }

  public Blame blame() {
    return blame;
  }

  /** Whether the same request may succeed later. */
  public boolean retryable() {
    return retryable;
  }

  /** One sentence for the reference. */
  public String meaning() {
    return meaning;
  }
}
