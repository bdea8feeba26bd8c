package dev.jubal.platform.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.Rates;
import dev.jubal.platform.http.rates.RateHeaders;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code {"type":"error","error":{"type","message"},"request_id"}}, on the routes of the Anthropic
 * API whatever form the others have. What is overloaded there is a 529.
 */
public final class AnthropicErrors implements ErrorRenderer {
  private static final String OVERLOADED = "overloaded_error";
  private static final int OVERLOADED_STATUS = 529;

  /** The envelope. */
  public record Envelope(
      String type,
      Body error,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String requestId) {}

  /** The error. */
  public record Body(String type, String message) {}

  @Override
  public int status(ApiException error) {
    return error.code().anthropicType().equals(OVERLOADED)
        ? OVERLOADED_STATUS
        : error.code().status();
  }

  @Override
  public Envelope body(ApiException error) {
    return envelope(error, null);
  }

  @Override
  public Envelope body(ApiException error, String requestId) {
    return envelope(error, requestId);
  }

  private static Envelope envelope(ApiException error, @Nullable String requestId) {
    return new Envelope("error", new Body(error.code().anthropicType(), error.text()), requestId);
  }

  @Override
  public Class<Envelope> form() {
    return Envelope.class;
  }

  @Override
  public Map<String, String> headers(Rates rates) {
    Map<String, String> all = new LinkedHashMap<>(RateHeaders.openAi(rates));
    all.putAll(RateHeaders.anthropic(rates));
    return all;
  }

  @Override
  public String idHeader() {
    return "request-id";
  }
}
