package dev.jubal.api.completions;

import dev.jubal.api.Explanation;
import dev.jubal.api.Feature;
import dev.jubal.api.GenerationEndpoint;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.Call;
import dev.jubal.platform.http.ErrorRenderer;
import dev.jubal.platform.http.Exchange;
import dev.jubal.platform.http.Route;
import dev.jubal.platform.http.Routes;
import java.util.List;

/** {@code POST /v1/completions}. */
public final class CompletionsFeature implements Feature {
  private final GenerationEndpoint endpoint;
  private final ErrorRenderer errors;

  /**
   * The feature.
   *
   * @param errors the form of in-stream errors, the same as that of failed requests
   */
  public CompletionsFeature(GenerationEndpoint endpoint, ErrorRenderer errors) {
    this.endpoint = endpoint;
    this.errors = errors;
  }

  @Override
  public void register(Routes routes) {
    routes.add(
        Route.post("/v1/completions")
            .access(Access.ENDPOINT, "completions")
            .metered()
            .summary("Continues a bare text, streamed or whole.")
            .takes(CompletionsWire.Request.class)
            .gives(CompletionsWire.Completion.class, List.of(CompletionsWire.Completion.class))
            .handle(this::answer));
    routes.add(
        Explanation.route("completions", "completions", CompletionsWire.Request.class)
            .handle(this::explain));
  }

  private void answer(Call call, Exchange exchange) {
    CompletionsDecoder.Completion completion = CompletionsDecoder.decode(call.takeBody());
    endpoint.answer(
        call, exchange, completion.decoded(), new CompletionsEncoder(completion, errors));
  }

  private void explain(Call call, Exchange exchange) {
    endpoint.explain(call, exchange, CompletionsDecoder.decode(call.takeBody()).decoded());
  }
}
