package dev.jubal.platform.grpc;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.QuotaFailure;
import com.google.rpc.RequestInfo;
import com.google.rpc.RetryInfo;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.error.Limited;
import dev.jubal.platform.http.rates.RateHeaders;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;

/**
 * An error of the catalogue as a status: its code, its text, and as details what machines read:
 * ErrorInfo names the row of the catalogue, BadRequest the field, RetryInfo when to try again.
 */
final class RpcErrors {
  static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  /** Asks gRPC clients with a retry policy to wait that long. */
  static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  /** As over HTTP: whether the same call may pass later; absent where that is not known. */
  static final Metadata.Key<String> SHOULD_RETRY =
      Metadata.Key.of("x-should-retry", Metadata.ASCII_STRING_MARSHALLER);

  /** Clients refuse more than 8 KiB of metadata, and the text travels twice. */
  private static final int LONGEST = 1500;

  /** A full queue says nothing of when it will not be; SDKs wait at least about so long. */
  private static final Duration SOON = Duration.ofSeconds(1);

  private RpcErrors() {}

  static Status status(ApiException error) {
    return Status.fromCodeValue(error.code().grpcStatus()).withDescription(text(error));
  }

  static Metadata trailers(String requestId, ApiException error) {
    Metadata trailers = new Metadata();
    com.google.rpc.Status.Builder status =
        com.google.rpc.Status.newBuilder()
            .setCode(error.code().grpcStatus())
            .setMessage(text(error))
            .addDetails(
                Any.pack(
                    ErrorInfo.newBuilder()
                        .setReason(error.code().name())
                        .setDomain("jubal")
                        .build()))
            .addDetails(Any.pack(RequestInfo.newBuilder().setRequestId(requestId).build()));
    error
        .param()
        .ifPresent(
            param ->
                status.addDetails(
                    Any.pack(
                        BadRequest.newBuilder()
                            .addFieldViolations(
                                BadRequest.FieldViolation.newBuilder().setField(cut(param)))
                            .build())));
    error
        .limited()
        .ifPresent(
            limited -> {
              status.addDetails(Any.pack(quota(limited, error)));
              trailers.put(SHOULD_RETRY, Boolean.toString(limited.passes()));
              limited
                  .rates()
                  .ifPresent(
                      rates -> RateHeaders.openAi(rates).forEach((k, v) -> put(trailers, k, v)));
            });
    wait(error)
        .ifPresent(
            wait -> {
              status.addDetails(Any.pack(retry(wait)));
              trailers.put(PUSHBACK, Long.toString(wait.toMillis()));
            });
    if (error.code() == ErrorCode.INSUFFICIENT_QUOTA) {
      trailers.put(PUSHBACK, "-1"); // not by itself
    }
    trailers.put(DETAILS, status.build().toByteArray());
    return trailers;
  }

  private static Optional<Duration> wait(ApiException error) {
    return error
        .retryAfter()
        .or(
            () ->
                error.code() == ErrorCode.CAPACITY_EXCEEDED ? Optional.of(SOON) : Optional.empty());
  }

  private static QuotaFailure quota(Limited limited, ApiException error) {
    return QuotaFailure.newBuilder()
        .addViolations(
            QuotaFailure.Violation.newBuilder()
                .setSubject(cut(limited.name()))
                .setDescription(cut(error.text())))
        .build();
  }

  private static void put(Metadata trailers, String name, String value) {
    trailers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
  }

  private static RetryInfo retry(Duration wait) {
    return RetryInfo.newBuilder()
        .setRetryDelay(
            com.google.protobuf.Duration.newBuilder()
                .setSeconds(wait.toSeconds())
                .setNanos(wait.toNanosPart()))
        .build();
  }

  private static String text(ApiException error) {
    return cut(error.text());
  }

  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
  }
}
