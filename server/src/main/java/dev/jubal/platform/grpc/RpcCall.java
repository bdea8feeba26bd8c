package dev.jubal.platform.grpc;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.time.Cancellation;
import io.grpc.Metadata;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One RPC as it arrived. Confined to its virtual thread. */
public final class RpcCall<Q> {
  private final Rpc<Q, ?> rpc;
  private final String requestId;
  private final Metadata headers;
  private final Cancellation gone;
  private final @Nullable Q request;
  private @Nullable Object caller;

  RpcCall(
      Rpc<Q, ?> rpc, String requestId, Metadata headers, Cancellation gone, @Nullable Q request) {
    this.rpc = rpc;
    this.requestId = requestId;
    this.headers = headers;
    this.gone = gone;
    this.request = request;
  }

  public Rpc<Q, ?> rpc() {
    return rpc;
  }

  /** The server's own id of this request, a UUID. */
  public String requestId() {
    return requestId;
  }

  /** The client's {@code x-request-id} or {@code x-client-request-id}, if it sent one. */
  public Optional<String> clientRequestId() {
    return clientRequestId(headers);
  }

  static Optional<String> clientRequestId(Metadata headers) {
    return header(headers, "x-request-id")
        .or(() -> header(headers, "x-client-request-id"))
        .filter(id -> id.length() <= 256);
  }

  /** A text among the metadata. */
  public Optional<String> header(String lowerCaseName) {
    return header(headers, lowerCaseName);
  }

  private static Optional<String> header(Metadata headers, String name) {
    return Optional.ofNullable(
        headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)));
  }

  /** Is cancelled when the client leaves, or its deadline passes, before the answer is complete. */
  public Cancellation gone() {
    return gone;
  }

  /**
   * The message; of many the last.
   *
   * @throws ApiException 400 when there is none
   */
  public Q request() {
    if (request == null) {
      throw new ApiException(
          ErrorCode.INVALID_VALUE,
          "The call holds no message (expected: one of " + rpc.method().getFullMethodName() + ").");
    }
    return request;
  }

  void caller(Object caller) {
    this.caller = caller;
  }

  /** Who calls, as the guard found it. */
  public <T> T caller(Class<T> type) {
    if (caller == null) {
      throw new ApiException(
          ErrorCode.INVALID_API_KEY,
          rpc.method().getFullMethodName() + " was called without a key.");
    }
    return type.cast(caller);
  }
}
