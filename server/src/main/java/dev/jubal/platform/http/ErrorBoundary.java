package dev.jubal.platform.http;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.trace.Trace;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one catch. A handler that streams has sent its own in-stream error before the exception
 * arrives here; everything else becomes a status and a body in the form of the exchange's {@link
 * ErrorRenderer}.
 */
final class ErrorBoundary {
  private static final Logger log = LoggerFactory.getLogger(ErrorBoundary.class);

  private final Guard guard;

  ErrorBoundary(Guard guard) {
    this.guard = guard;
  }

  /** Runs stations 2 to 8 of one call; the body is read once the caller is known. */
  void run(Call call, Exchange exchange, BodyReader body) {
    Trace trace = Trace.current();
    try {
      trace.enter("authenticate");
      Object caller = guard.admit(call);
      if (caller != null) {
        call.caller(caller);
      }
      trace.enter("intake");
      call.received(body.await());
      trace.enter(call.route().metered() ? "decode" : "handle");
      call.route().handler().handle(call, exchange);
    } catch (ApiException e) {
      refuse(call.requestId(), exchange, body, e);
    } catch (OutOfMemoryError e) {
      refuse(call.requestId(), exchange, body, outOfMemory(call.requestId(), e));
    } catch (Throwable e) {
      // errors too: a client must never wait for an answer that nobody will write
      refuse(call.requestId(), exchange, body, unexpected(call.requestId(), e));
    }
  }

  private static ApiException outOfMemory(String requestId, OutOfMemoryError e) {
    log.error("request {} found no memory", requestId, e);
    return new ApiException(
        ErrorCode.SERVICE_UNAVAILABLE, "The server has no memory left for this request.");
  }

  /** Turns an unforeseen throwable into a 500 and logs it with the request id. */
  static ApiException unexpected(String requestId, Throwable e) {
    log.error("request {} failed by a defect", requestId, e);
    return new ApiException(
        ErrorCode.INTERNAL_ERROR,
        "Internal error; the log names it under request id " + requestId + ".");
  }

  /** Answers at once, whether or not the client still sends its body. */
  void refuse(String requestId, Exchange exchange, BodyReader body, ApiException e) {
    Trace.current().note("error", e.code().code());
    body.drop();
    if (body.goesOn() || e.code() == ErrorCode.REQUEST_TIMEOUT) {
      exchange.lastOnConnection();
    }
    answer(requestId, exchange, e);
  }

  private void answer(String requestId, Exchange exchange, ApiException e) {
    boolean nobody = e.code() == ErrorCode.CLIENT_CLOSED_REQUEST && exchange.gone().cancelled();
    if (nobody || exchange.headSent()) {
      exchange.close();
      return;
    }
    e.retryAfter()
        .ifPresent(
            d ->
                exchange.header(
                    "retry-after", Long.toString(Math.max(1, d.plusMillis(999).toSeconds()))));
    if (e.code() == ErrorCode.CAPACITY_EXCEEDED) {
      // the OpenAI SDKs do not retry a 498 by themselves
      exchange.header("x-should-retry", "true");
    } else if (e.code() == ErrorCode.INSUFFICIENT_QUOTA) {
      // they retry any 429 else
      exchange.header("x-should-retry", "false");
    }
    e.limited()
        .ifPresent(
            limited -> {
              exchange.header("x-should-retry", Boolean.toString(limited.passes()));
              limited.rates().ifPresent(exchange::rates);
            });
    ErrorRenderer form = exchange.errors();
    exchange.json(form.status(e), form.body(e, requestId));
  }
}
