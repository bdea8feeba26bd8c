package dev.jubal.api;

import dev.jubal.account.Principal;
import dev.jubal.inference.EventSink;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.Generator;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.http.Call;
import dev.jubal.platform.http.Exchange;
import dev.jubal.platform.http.SseStream;
import java.util.ArrayList;
import java.util.List;

/**
 * What every generation dialect does between its decoder and its encoder: runs the generator for
 * the caller, streamed or whole, and reports in headers what stands behind the answer.
 */
public final class GenerationEndpoint {
  private final Generator generator;

  public GenerationEndpoint(Generator generator) {
    this.generator = generator;
  }

  /** Answers a call. */
  public void answer(Call call, Exchange exchange, Decoded decoded, Encoder encoder) {
    Generator.Caller caller =
        new Generator.Caller(
            call.caller(Principal.class),
            call.requestId(),
            call.clientRequestId(),
            exchange.gone());
    if (decoded.request().stream()) {
      stream(exchange, decoded, caller, encoder);
    } else {
      generate(decoded, caller, headers(exchange, decoded, encoder::fold));
      exchange.json(200, encoder.whole());
    }
  }

  private void generate(Decoded decoded, Generator.Caller caller, EventSink sink) {
    try {
      generator.generate(decoded.request(), caller, sink);
    } catch (ApiException e) {
      throw decoded.named(e);
    }
  }

  private void stream(
      Exchange exchange, Decoded decoded, Generator.Caller caller, Encoder encoder) {
    SseStream out = exchange.sse();
    try {
      EventSink next = QueueNotice.heartbeats(out, event -> encoder.stream(event, out));
      generate(decoded, caller, headers(exchange, decoded, next));
      out.close();
    } catch (ApiException e) {
      if (!exchange.headSent()) {
        out.abandon();
        throw e;
      }
      // the generator throws why a run was cancelled, so a client that left shows in the code
      if (e.code() != ErrorCode.CLIENT_CLOSED_REQUEST) {
        encoder.error(e, out);
      }
      out.close();
    }
  }

  private static EventSink headers(Exchange exchange, Decoded decoded, EventSink encoder) {
    EventSink next = QueueNotice.headers(exchange, encoder);
    return event -> {
      if (event instanceof GenerationEvent.Accepted a) {
        exchange.header("x-jubal-backend", a.resolution().backend());
        List<String> all = new ArrayList<>(decoded.ignored());
        a.resolution().dropped().forEach(name -> all.add(decoded.name(name)));
        if (!all.isEmpty()) {
          exchange.header("x-jubal-ignored", IgnoredFields.header(all));
        }
      }
      next.accept(event);
    };
  }
}
