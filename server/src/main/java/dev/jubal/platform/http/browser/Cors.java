package dev.jubal.platform.http.browser;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lets pages of listed origins call, and tells browsers so (the Fetch standard's CORS protocol).
 * Cookies are never among what they may send, so a page acts with the token that it holds or not at
 * all. A WebSocket asks for no permission in the browser, so one of an unlisted origin is refused
 * here. Thread-safe.
 */
public final class Cors implements DecoratingHttpServiceFunction {
  private static final int MOST_HEADERS = 64;

  /** What of an answer a page may read beside what it may always. */
  private static final String EXPOSED =
      Stream.concat(
              Stream.of(
                  "x-request-id",
                  "x-client-request-id",
                  "request-id",
                  "retry-after",
                  "x-should-retry",
                  "x-jubal-backend",
                  "x-jubal-ignored",
                  "x-jubal-limit",
                  "x-jubal-work",
                  "x-jubal-resumable"),
              Stream.of("limit", "remaining", "reset")
                  .flatMap(
                      of ->
                          Stream.of("requests", "tokens")
                              .flatMap(
                                  unit ->
                                      Stream.of(
                                          "x-ratelimit-" + of + "-" + unit,
                                          "anthropic-ratelimit-" + unit + "-" + of))))
          .collect(Collectors.joining(", "));

  private final Set<String> origins;
  private final String maxAge;
  private final Function<ApiException, HttpResponse> refusal;

  /**
   * @param refusal how an error is told
   * @throws ConfigException for what is no origin
   */
  public Cors(CorsConfig config, Function<ApiException, HttpResponse> refusal) {
    this.origins =
        Arrays.stream(config.origins().split(",", -1))
            .map(String::strip)
            .filter(text -> !text.isEmpty())
            .map(Cors::origin)
            .collect(Collectors.toUnmodifiableSet());
    this.maxAge = Long.toString(config.maxAge().toSeconds());
    this.refusal = refusal;
  }

  private static String origin(String text) {
    return Origin.of(text)
        .orElseThrow(
            () ->
                new ConfigException(
                    "cors.origins: \""
                        + text
                        + "\" (expected: scheme, host and port of a page's address, such as"
                        + " https://app.example.com; there is no * here)."));
  }

  /** Whether any page of another origin may call. */
  public boolean open() {
    return !origins.isEmpty();
  }

  /**
   * Passes unless it is a page of another, unlisted origin that opens a WebSocket.
   *
   * @throws ApiException 403
   */
  public void checkSocket(RequestHeaders headers) {
    String origin = headers.get("origin");
    if (origin != null
        && !listed(origin)
        && !Origin.own(origin, String.valueOf(headers.authority()))) {
      throw refused(origin);
    }
  }

  private boolean listed(String origin) {
    return Origin.of(origin).filter(origins::contains).isPresent();
  }

  @Override
  public HttpResponse serve(HttpService next, ServiceRequestContext ctx, HttpRequest request)
      throws Exception {
    RequestHeaders headers = request.headers();
    if (socket(headers)) {
      return next.serve(ctx, request);
    }
    String origin = headers.get("origin");
    if (origin == null || !listed(origin)) {
      return origin != null && preflight(headers)
          ? refusal.apply(refused(origin))
          : next.serve(ctx, request).mapHeaders(Cors::varying);
    }
    return preflight(headers)
        ? permitted(origin, headers)
        : next.serve(ctx, request).mapHeaders(head -> open(head, origin));
  }

  /** Answers depend on who asked; a cache between must know. */
  private static ResponseHeaders varying(ResponseHeaders head) {
    return head.toBuilder().add("vary", "origin").build();
  }

  private static boolean socket(RequestHeaders headers) {
    return headers.method() == HttpMethod.CONNECT
        || "websocket".equalsIgnoreCase(headers.get("upgrade"));
  }

  private static boolean preflight(RequestHeaders headers) {
    return headers.method() == HttpMethod.OPTIONS
        && headers.contains("access-control-request-method");
  }

  private static ResponseHeaders open(ResponseHeaders head, String origin) {
    return head.toBuilder()
        .set("access-control-allow-origin", origin)
        .set("access-control-expose-headers", EXPOSED)
        .add("vary", "origin")
        .build();
  }

  /** What a header may do is decided when it comes; here each may come. */
  private HttpResponse permitted(String origin, RequestHeaders headers) {
    ResponseHeadersBuilder head =
        ResponseHeaders.builder(HttpStatus.NO_CONTENT)
            .set("access-control-allow-origin", origin)
            .set("access-control-allow-methods", "GET, POST, PUT, PATCH, DELETE")
            .set("access-control-max-age", maxAge)
            .add("vary", "origin")
            .add("vary", "access-control-request-method")
            .add("vary", "access-control-request-headers");
    Optional.ofNullable(headers.get("access-control-request-headers"))
        .map(Cors::names)
        .filter(names -> !names.isEmpty())
        .ifPresent(names -> head.set("access-control-allow-headers", names));
    return HttpResponse.of(head.build());
  }

  private static String names(String asked) {
    return Arrays.stream(asked.split(",", -1))
        .map(String::strip)
        .filter(name -> name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}"))
        .limit(MOST_HEADERS)
        .collect(Collectors.joining(", "));
  }

  private static ApiException refused(String origin) {
    return new ApiException(
        ErrorCode.PERMISSION_DENIED,
        "Pages of "
            + origin
            + " may not call this server (expected: an origin that cors.origins lists).");
  }
}
