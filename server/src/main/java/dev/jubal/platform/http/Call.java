package dev.jubal.platform.http;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One request as it arrived. Confined to its virtual thread.
 *
 * <p>{@link #takeBody} gives the body away, so that it can be freed while the request runs: with
 * many large prompts in flight the raw bytes would double the memory.
 */
public final class Call {
  private final String requestId;
  private final Route route;
  private final String path;
  private final Map<String, String> params;
  private final Function<String, @Nullable String> headers;
  private byte @Nullable [] body;
  private @Nullable Object caller;

  Call(
      String requestId,
      Routes.Match match,
      String path,
      Function<String, @Nullable String> headers,
      byte[] body) {
    this.requestId = requestId;
    this.route = match.route();
    this.params = match.params();
    this.path = path;
    this.headers = headers;
    this.body = body;
  }

  /** The server's own id of this request, a UUID. */
  public String requestId() {
    return requestId;
  }

  /** The client's {@code X-Request-Id} or {@code x-client-request-id}, if it sent one. */
  public Optional<String> clientRequestId() {
    return header("x-request-id").or(() -> header("x-client-request-id"));
  }

  public Route route() {
    return route;
  }

  public String path() {
    return path;
  }

  /** A path parameter of the route. */
  public String param(String name) {
    return Objects.requireNonNull(params.get(name), () -> "no path parameter " + name);
  }

  public Optional<String> header(String lowerCaseName) {
    return Optional.ofNullable(headers.apply(lowerCaseName));
  }

  /** The body, once. */
  public byte[] takeBody() {
    byte[] taken = Objects.requireNonNull(body, "the body was taken before");
    body = null;
    return taken;
  }

  void caller(Object caller) {
    this.caller = caller;
  }

  /** Who calls, as the guard found it. */
  public <T> T caller(Class<T> type) {
    if (caller == null) {
      throw new ApiException(ErrorCode.INVALID_API_KEY, path + " was called without a key.");
    }
    return type.cast(caller);
  }
}
