package dev.jubal.platform.http;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.json.Json;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the framework refuses before there is a call, such as a path with control characters, in the
 * form of all other errors.
 */
final class FrameworkErrors implements ServerErrorHandler {
  private final ErrorRenderer form;
  private final Supplier<String> requestIds;

  FrameworkErrors(ErrorRenderer form, Supplier<String> requestIds) {
    this.form = form;
    this.requestIds = requestIds;
  }

  @Override
  public HttpResponse onServiceException(ServiceRequestContext ctx, Throwable cause) {
    // never for a call: the boundary lets nothing through
    return answer(HttpStatus.INTERNAL_SERVER_ERROR, null).toHttpResponse();
  }

  @Override
  public AggregatedHttpResponse onProtocolViolation(
      ServiceConfig config,
      @Nullable RequestHeaders headers,
      HttpStatus status,
      @Nullable String description,
      @Nullable Throwable cause) {
    return answer(status, description);
  }

  @Override
  public AggregatedHttpResponse renderStatus(
      @Nullable ServiceRequestContext ctx,
      ServiceConfig config,
      @Nullable RequestHeaders headers,
      HttpStatus status,
      @Nullable String description,
      @Nullable Throwable cause) {
    return answer(status, description);
  }

  private AggregatedHttpResponse answer(HttpStatus status, @Nullable String description) {
    String requestId = requestIds.get();
    String text = description == null ? status.reasonPhrase() : description;
    byte[] body =
        Json.bytes(form.body(new ApiException(code(status.code()), text + "."), requestId));
    return AggregatedHttpResponse.of(
        ResponseHeaders.builder(status)
            .contentType(MediaType.JSON.withoutParameters())
            .set(ErrorRenderer.REQUEST_ID, requestId)
            .build(),
        HttpData.wrap(body));
  }

  /** The first code of that status, else the one that says whose fault it is. */
  private static ErrorCode code(int status) {
    return Arrays.stream(ErrorCode.values())
        .filter(c -> status != 400 && c.status() == status)
        .findFirst()
        .orElse(status < 500 ? ErrorCode.INVALID_VALUE : ErrorCode.INTERNAL_ERROR);
  }
}
