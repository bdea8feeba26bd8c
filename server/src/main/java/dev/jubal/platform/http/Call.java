package dev.jubal.platform.http;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One request as it arrived. Confined to its virtual thread.
 *
 * <p>The guard sees it as soon as its head is there, without a body.
 *
 * <p>{@link #takeBody} gives the body away, so that it can be freed while the request runs: with
 * many large prompts in flight the raw bytes would double the memory.
 */
public final class Call {
  private final Head head;
  private final Route route;
  private final Map<String, String> params;
  private @Nullable Body body;
  private @Nullable Object caller;

  /**
   * What stands before the body.
   *
   * @param path decoded, without the query
   * @param query what each name of the query has been given, in order
   * @param headers by lower-case name, null for an absent one
   */
  record Head(
      String requestId,
      String path,
      Map<String, List<String>> query,
      Function<String, @Nullable String> headers) {}

  Call(Head head, Routes.Match match) {
    this.head = head;
    this.route = match.route();
    this.params = match.params();
  }

  /** The server's own id of this request, a UUID. */
  public String requestId() {
    return head.requestId();
  }

  /** The client's {@code X-Request-Id} or {@code x-client-request-id}, if it sent one. */
  public Optional<String> clientRequestId() {
    return header("x-request-id").or(() -> header("x-client-request-id"));
  }

  public Route route() {
    return route;
  }

  public String path() {
    return head.path();
  }

  /** A path parameter of the route. */
  public String param(String name) {
    return Objects.requireNonNull(params.get(name), () -> "no path parameter " + name);
  }

  /** What a parameter of the query was given; the last counts when it was given more than once. */
  public Optional<String> query(String name) {
    List<String> values = queries(name);
    return values.isEmpty() ? Optional.empty() : Optional.of(values.getLast());
  }

  /** All that a parameter of the query was given, written once for each, with {@code []} or not. */
  public List<String> queries(String name) {
    List<String> all = new ArrayList<>(head.query().getOrDefault(name, List.of()));
    all.addAll(head.query().getOrDefault(name + "[]", List.of()));
    return all;
  }

  public Optional<String> header(String lowerCaseName) {
    return Optional.ofNullable(head.headers().apply(lowerCaseName));
  }

  /** The body, once. */
  public byte[] takeBody() {
    return Objects.requireNonNull(body, "the guard sees no body").take();
  }

  void received(Body body) {
    this.body = body;
  }

  void caller(Object caller) {
    this.caller = caller;
  }

  /** Who calls, as the guard found it. */
  public <T> T caller(Class<T> type) {
    if (caller == null) {
      throw new ApiException(ErrorCode.INVALID_API_KEY, head.path() + " was called without a key.");
    }
    return type.cast(caller);
  }
}
