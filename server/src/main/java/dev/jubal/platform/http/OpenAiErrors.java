package dev.jubal.platform.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.jubal.platform.error.ApiException;
import org.jspecify.annotations.Nullable;

/** {@code {"error":{"message","type","code","param"}}}, the default form. */
public final class OpenAiErrors implements ErrorRenderer {

  /** The envelope. */
  public record Envelope(Body error) {}

  /** The error; {@code param} is null when it is about no single field. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record Body(String message, String type, String code, @Nullable String param) {}

  @Override
  public int status(ApiException error) {
    return error.code().status();
  }

  @Override
  public Class<Envelope> form() {
    return Envelope.class;
  }

  @Override
  public Envelope body(ApiException error) {
    return new Envelope(
        new Body(
            error.text(),
            error.code().openAiType(),
            error.code().code(),
            error.param().orElse(null)));
  }
}
