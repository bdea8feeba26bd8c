package dev.jubal.api.responses;

import dev.jubal.api.Feature;
import dev.jubal.api.GenerationEndpoint;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.Call;
import dev.jubal.platform.http.ErrorRenderer;
import dev.jubal.platform.http.Exchange;
import dev.jubal.platform.http.Route;
import dev.jubal.platform.http.Routes;
import java.time.InstantSource;
import java.util.List;

/** {@code POST /v1/responses}, without stored responses. */
public final class ResponsesFeature implements Feature {
  private final GenerationEndpoint endpoint;
  private final ErrorRenderer errors;
  private final InstantSource now;

  /**
   * The feature.
   *
   * @param errors the form of in-stream errors, the same as that of failed requests
   * @param now tells when a response was completed
   */
  public ResponsesFeature(GenerationEndpoint endpoint, ErrorRenderer errors, InstantSource now) {
    this.endpoint = endpoint;
    this.errors = errors;
    this.now = now;
  }

  @Override
  public void register(Routes routes) {
    routes.add(
        Route.post("/v1/responses")
            .access(Access.ENDPOINT, "responses")
            .metered()
            .summary("Makes a response, streamed or whole; nothing is stored.")
            .takes(ResponsesWire.Request.class)
            .gives(
                ResponsesWire.Response.class,
                List.of(
                    ResponsesWire.ResponseEvent.class,
                    ResponsesWire.ItemEvent.class,
                    ResponsesWire.PartEvent.class,
                    ResponsesWire.TextDelta.class,
                    ResponsesWire.TextDone.class,
                    ResponsesWire.ArgumentsDelta.class,
                    ResponsesWire.ArgumentsDone.class,
                    ResponsesWire.ErrorEvent.class))
            .handle(this::answer));
  }

  private void answer(Call call, Exchange exchange) {
    ResponsesDecoder.Asked asked = ResponsesDecoder.decode(call.takeBody());
    endpoint.answer(
        call, exchange, asked.decoded(), new ResponsesEncoder(asked.echo(), errors, now));
  }
}
