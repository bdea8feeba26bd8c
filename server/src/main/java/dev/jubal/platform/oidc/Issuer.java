package dev.jubal.platform.oidc;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.json.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The issuer over HTTP: JSON of a bounded size within a bounded time. Follows no redirect. */
final class Issuer implements AutoCloseable {
  private static final int MOST_BYTES = 1024 * 1024;

  /** Anybody may begin a sign-in; the issuer is not to be worn out by it. */
  private static final int MOST_AT_ONCE = 16;

  private final Semaphore asking = new Semaphore(MOST_AT_ONCE);
  private final Duration timeout;
  private final HttpClient http;

  Issuer(Duration timeout) {
    this.timeout = timeout;
    this.http =
        HttpClient.newBuilder()
            .connectTimeout(timeout)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /** An answer. */
  record Answer(int status, JsonNode body) {
    /** A text of the body; null when it is absent. */
    @Nullable String text(String name) {
      JsonNode value = body.get(name);
      return value != null && value.isString() ? value.stringValue() : null;
    }
  }

  /**
   * A document.
   *
   * @throws ApiException 503 when it cannot be had
   */
  Answer get(String address, String... headers) {
    HttpRequest.Builder request = request(address);
    if (headers.length > 0) {
      request.headers(headers);
    }
    Answer answer = send(request.GET());
    if (answer.status != 200) {
      throw unavailable("answered " + answer.status + " to GET " + address, null);
    }
    return answer;
  }

  /** The answer to a form. */
  Answer post(String address, String form, String... headers) {
    HttpRequest.Builder request =
        request(address).header("content-type", "application/x-www-form-urlencoded");
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.POST(HttpRequest.BodyPublishers.ofString(form)));
  }

  private HttpRequest.Builder request(String address) {
    return HttpRequest.newBuilder(URI.create(address))
        .timeout(timeout)
        .header("accept", "application/json");
  }

  private Answer send(HttpRequest.Builder request) {
    HttpRequest asked = request.build();
    if (!asking.tryAcquire()) {
      throw unavailable("is asked by too many at once", null);
    }
    // the client's own time-out ends with the head of the answer
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(
            asked,
            HttpResponse.BodyHandlers.limiting(
                HttpResponse.BodyHandlers.ofByteArray(), MOST_BYTES));
    try {
      HttpResponse<byte[]> response = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return new Answer(response.statusCode(), Json.tree(response.body()));
    } catch (ExecutionException e) {
      throw unavailable("does not answer " + asked.uri(), e.getCause());
    } catch (TimeoutException e) {
      throw unavailable("did not answer in time " + asked.uri(), e);
    } catch (JacksonException e) {
      throw unavailable("answered " + asked.uri() + " with something else than JSON", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("was not waited for", e);
    } finally {
      var _ = answer.cancel(true);
      asking.release();
    }
  }

  /** The error for an issuer that is not there, or not what it should be. */
  static ApiException unavailable(String what, @Nullable Throwable cause) {
    return new ApiException(
        ErrorCode.SERVICE_UNAVAILABLE,
        "Nobody can sign in now: the issuer " + what + ".",
        null,
        Duration.ofSeconds(5),
        cause);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
