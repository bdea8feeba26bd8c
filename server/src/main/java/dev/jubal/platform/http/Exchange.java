package dev.jubal.platform.http;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.error.Rates;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.time.Cancellation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The answer to one call. The head leaves with the first bytes; until then its headers can be set
 * and the status is open.
 */
public final class Exchange {
  private final HttpResponseWriter writer;
  private final Cancellation gone;
  private final HeartbeatTimer heartbeats;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private final List<String> cookies = new ArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private CompletableFuture<Void> taken = CompletableFuture.completedFuture(null);
  private volatile boolean headSent;
  private volatile int status;
  private volatile String endpoint = "none";
  private final ErrorRenderer errors;
  private boolean multiplexed;

  Exchange(
      HttpResponseWriter writer,
      Cancellation gone,
      HeartbeatTimer heartbeats,
      ErrorRenderer errors) {
    this.writer = writer;
    this.gone = gone;
    this.heartbeats = heartbeats;
    this.errors = errors;
  }

  /** Is cancelled when the client leaves before the answer is complete. */
  public Cancellation gone() {
    return gone;
  }

  /** Sets a header of the answer; too late once the head has left. */
  public void header(String lowerCaseName, String value) {
    lock.lock();
    try {
      headers.put(lowerCaseName, value);
    } finally {
      lock.unlock();
    }
  }

  /** Adds a cookie to the answer; too late once the head has left. */
  public void cookie(String setCookie) {
    lock.lock();
    try {
      cookies.add(setCookie);
    } finally {
      lock.unlock();
    }
  }

  /** Sends a browser elsewhere; whatever it sent, it asks there by GET. */
  public void redirect(String address) {
    header("location", address);
    header("cache-control", "no-store");
    empty(303);
  }

  /** Says in headers, in the words of the dialect, how the caller stands against its limits. */
  public void rates(Rates rates) {
    errors.headers(rates).forEach(this::header);
  }

  /** Tells a client that waits for it to send its body. */
  void askForBody() {
    var _ = writer.tryWrite(ResponseHeaders.of(HttpStatus.CONTINUE));
  }

  /** Answers with JSON. */
  public void json(int status, Object body) {
    bytes(status, MediaType.JSON, Json.bytes(body));
  }

  /** Answers with text of the given type. */
  public void text(int status, String contentType, String body) {
    bytes(
        status,
        MediaType.parse(contentType),
        body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  /** Answers without a body. */
  public void empty(int status) {
    send(status, ResponseHeaders.builder(status).setLong(HttpHeaderNames.CONTENT_LENGTH, 0));
    writer.close();
  }

  private void bytes(int status, MediaType type, byte[] body) {
    head(status, type, body.length);
    var _ = writer.tryWrite(HttpData.wrap(body));
    writer.close();
  }

  /**
   * Answers 200 with a body whose length nobody knows yet.
   *
   * @param contentType its type
   */
  public Pieces pieces(String contentType) {
    head(200, MediaType.parse(contentType), -1);
    return new Pieces();
  }

  /** Such a body: closed it is whole, given up it ends so that the client sees that it is not. */
  public final class Pieces implements AutoCloseable {
    private Pieces() {}

    /** Writes bytes, once those before were taken. */
    public void write(byte[] bytes) {
      Exchange.this.write(bytes);
    }

    /** Ends it short of its end. */
    public void giveUp(Throwable cause) {
      writer.close(cause);
    }

    @Override
    public void close() {
      writer.close();
    }
  }

  /** Answers with server-sent events. */
  public SseStream sse() {
    return new SseStream(this, heartbeats);
  }

  public boolean headSent() {
    return headSent;
  }

  /** The status that left, 0 before. */
  public int status() {
    return status;
  }

  void multiplexed(boolean multiplexed) {
    this.multiplexed = multiplexed;
  }

  /** Asks the client to connect anew; HTTP/2 connections carry others' requests and stay. */
  void lastOnConnection() {
    if (!multiplexed) {
      header("connection", "close");
    }
  }

  void endpoint(String endpoint) {
    this.endpoint = endpoint;
  }

  /** The form of an error of this call. */
  ErrorRenderer errors() {
    return errors;
  }

  /** The endpoint of the route that answers, "none" when no route matched. */
  String endpoint() {
    return endpoint;
  }

  /** Sends the head of an event stream, once. */
  void streamHead() {
    if (!headSent) {
      headers.put("cache-control", "no-cache");
      headers.put("x-accel-buffering", "no");
      head(200, MediaType.EVENT_STREAM, -1);
    }
  }

  private void head(int status, MediaType type, long length) {
    ResponseHeadersBuilder head = ResponseHeaders.builder(status);
    // openai-python and the AI SDK compare the type literally, without parameters
    head.contentType(type.withoutParameters());
    if (length >= 0) {
      head.setLong(HttpHeaderNames.CONTENT_LENGTH, length);
    }
    send(status, head);
  }

  private void send(int status, ResponseHeadersBuilder head) {
    lock.lock();
    try {
      headSent = true;
      this.status = status;
      headers.forEach(head::set);
      cookies.forEach(c -> head.add(HttpHeaderNames.SET_COOKIE, c));
      var _ = writer.tryWrite(head.build()); // to nobody, once the client has left
    } finally {
      lock.unlock();
    }
  }

  /**
   * Writes once the bytes before were taken: the back-pressure. Waiting for these bytes too would
   * cost each event two more switches of threads. One thread at a time.
   */
  void write(byte[] bytes) {
    try {
      taken.join();
    } catch (CompletionException e) {
      throw departed(e);
    }
    if (!writer.tryWrite(HttpData.wrap(bytes))) {
      throw departed(new IllegalStateException("the response is closed"));
    }
    taken = writer.whenConsumed();
  }

  void close() {
    writer.close();
  }

  private ApiException departed(Throwable cause) {
    return gone.reason()
        .orElseGet(
            () ->
                new ApiException(
                    ErrorCode.CLIENT_CLOSED_REQUEST, "The client left.", null, null, cause));
  }
}
