package dev.jubal.api.complete;

import dev.jubal.api.Explanation;
import dev.jubal.api.Feature;
import dev.jubal.api.GenerationEndpoint;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.AnthropicErrors;
import dev.jubal.platform.http.Call;
import dev.jubal.platform.http.ErrorRenderer;
import dev.jubal.platform.http.Exchange;
import dev.jubal.platform.http.Route;
import dev.jubal.platform.http.Routes;
import java.util.List;

/** {@code POST /v1/complete}. */
public final class CompleteFeature implements Feature {
  private final GenerationEndpoint endpoint;
  private final ErrorRenderer errors = new AnthropicErrors();

  public CompleteFeature(GenerationEndpoint endpoint) {
    this.endpoint = endpoint;
  }

  @Override
  public void register(Routes routes) {
    routes.add(
        Route.post("/v1/complete")
            .access(Access.ENDPOINT, CompleteDecoder.ENDPOINT)
            .metered()
            .summary("Goes on from a text in the older form of the Anthropic API.")
            .takes(CompleteWire.Request.class)
            .gives(
                CompleteWire.Completion.class,
                List.of(
                    CompleteWire.Completion.class,
                    CompleteWire.Ping.class,
                    AnthropicErrors.Envelope.class))
            .errors(errors)
            .handle(this::answer));
    routes.add(
        Explanation.route("complete", CompleteDecoder.ENDPOINT, CompleteWire.Request.class)
            .errors(errors)
            .handle(this::explain));
  }

  private void answer(Call call, Exchange exchange) {
    endpoint.answer(
        call, exchange, CompleteDecoder.decode(call.takeBody()), new CompleteEncoder(errors));
  }

  private void explain(Call call, Exchange exchange) {
    endpoint.explain(call, exchange, CompleteDecoder.decode(call.takeBody()));
  }
}
