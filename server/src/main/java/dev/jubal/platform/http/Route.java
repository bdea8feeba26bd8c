package dev.jubal.platform.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One method and path, who may call it, and what it takes and gives.
 *
 * @param method GET, POST, PUT or DELETE
 * @param path with parameters in braces, such as {@code /v1/models/{id}}; the last parameter of a
 *     path may hold slashes
 * @param access who may call it
 * @param endpoint the name an ACL row gives it; also its label in metrics
 * @param metered whether a call writes to the ledger
 * @param summary one sentence for the reference
 * @param query the parameters of its query by name, each in one phrase
 * @param request the record of the body, null without a body
 * @param responses the records of the answers by content type
 * @param pending whether it may answer 202 without a body, as long as there is no answer
 * @param errors the form of its errors, null for the server's own
 * @param handler what answers
 */
public record Route(
    String method,
    String path,
    Access access,
    String endpoint,
    boolean metered,
    String summary,
    Map<String, String> query,
    @Nullable Class<? extends Record> request,
    Map<String, List<Class<?>>> responses,
    boolean pending,
    @Nullable ErrorRenderer errors,
    Handler handler) {

  /** Starts a GET route. */
  public static Builder get(String path) {
    return new Builder("GET", path);
  }

  /** Starts a POST route. */
  public static Builder post(String path) {
    return new Builder("POST", path);
  }

  /** Starts a PUT route. */
  public static Builder put(String path) {
    return new Builder("PUT", path);
  }

  /** Starts a DELETE route. */
  public static Builder delete(String path) {
    return new Builder("DELETE", path);
  }

  /** Collects a route's parts; {@link #handle} refuses a route without an access class. */
  public static final class Builder {
    private final String method;
    private final String path;
    private @Nullable Access access;
    private String endpoint = "";
    private boolean metered;
    private String summary = "";
    private final Map<String, String> query = new LinkedHashMap<>();
    private @Nullable Class<? extends Record> request;
    private Map<String, List<Class<?>>> responses = Map.of();
    private boolean pending;
    private @Nullable ErrorRenderer errors;

    private Builder(String method, String path) {
      this.method = method;
      this.path = path;
    }

    public Builder access(Access access, String endpoint) {
      this.access = access;
      this.endpoint = endpoint;
      return this;
    }

    /** Calls of this route stand in the ledger. */
    public Builder metered() {
      this.metered = true;
      return this;
    }

    public Builder summary(String summary) {
      this.summary = summary;
      return this;
    }

    /** A parameter of the query, none of which is required. */
    public Builder query(String name, String meaning) {
      query.put(name, meaning);
      return this;
    }

    public Builder takes(Class<? extends Record> request) {
      this.request = request;
      return this;
    }

    /** The record of a JSON answer. */
    public Builder gives(Class<?> response) {
      this.responses = Map.of("application/json", List.of(response));
      return this;
    }

    /** The answer is bare text of a type such as text/plain. */
    public Builder givesText(String contentType) {
      this.responses = Map.of(contentType, List.of(String.class));
      return this;
    }

    /** The record of a JSON answer, and those of the events of a streamed one. */
    public Builder gives(Class<?> response, List<Class<?>> events) {
      this.responses =
          Map.of("application/json", List.of(response), "text/event-stream", List.copyOf(events));
      return this;
    }

    /** The records one of which a JSON answer is, and those of the events of a streamed one. */
    public Builder gives(List<Class<?>> oneOf, List<Class<?>> events) {
      this.responses =
          Map.of("application/json", List.copyOf(oneOf), "text/event-stream", List.copyOf(events));
      return this;
    }

    /** It answers 202 without a body as long as there is no answer. */
    public Builder pending() {
      this.pending = true;
      return this;
    }

    /** Errors of this route, and of what is below its path, have a form of their own. */
    public Builder errors(ErrorRenderer form) {
      this.errors = form;
      return this;
    }

    public Route handle(Handler handler) {
      Access who =
          Objects.requireNonNull(access, () -> method + " " + path + " states no access class");
      return new Route(
          method, path, who, endpoint, metered, summary, query, request, responses, pending, errors,
          handler);
    }
  }
}
