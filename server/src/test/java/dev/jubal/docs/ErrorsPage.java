package dev.jubal.docs;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.http.AnthropicErrors;
import java.util.Locale;

/** docs/generated/errors.md. */
public final class ErrorsPage {
  private ErrorsPage() {}

  /** One row a code. */
  public static String text() {
    AnthropicErrors anthropic = new AnthropicErrors();
    Table table =
        new Table("code", "status", "type", "in Anthropic's form", "blame", "retry", "meaning");
    for (ErrorCode code : ErrorCode.values()) {
      table.row(
          "`" + code.code() + "`",
          Integer.toString(code.status()),
          "`" + code.openAiType() + "`",
          anthropic.status(new ApiException(code, "")) + " `" + code.anthropicType() + "`",
          code.blame().name().toLowerCase(Locale.ROOT),
          code.retryable() ? "yes" : "no",
          code.meaning());
    }
    return """
    # Errors

    The body is `{"error":{"message","type","code","param"}}`; `param` names the field of the
    request, or is null. With `compat.errors=xai` it is `{"code","error"}` in the statuses of
    xAI: a wrong key is a 400, a missing or badly typed field a 422. `/v1/messages` and
    `/v1/complete` always answer in the form of Anthropic's API,
    `{"type":"error","error":{"type","message"},"request_id"}`. After the first byte of a
    stream the same error comes as an event of the stream. "retry" says whether the same request
    may succeed later; `Retry-After` says when, if that is known.

    """
        + table;
  }
}
