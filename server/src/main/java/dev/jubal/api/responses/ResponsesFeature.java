package dev.jubal.api.responses;

import dev.jubal.account.Principal;
import dev.jubal.api.Feature;
import dev.jubal.api.GenerationEndpoint;
import dev.jubal.inference.reasoning.ThoughtSeal;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.Call;
import dev.jubal.platform.http.ErrorRenderer;
import dev.jubal.platform.http.Exchange;
import dev.jubal.platform.http.Route;
import dev.jubal.platform.http.Routes;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** {@code POST /v1/responses}, without stored responses. */
public final class ResponsesFeature implements Feature {
  private final GenerationEndpoint endpoint;
  private final ErrorRenderer errors;
  private final InstantSource now;
  private final ThoughtSeal seal;

  /**
   * The feature.
   *
   * @param errors the form of in-stream errors, the same as that of failed requests
   * @param now tells when a response was completed
   * @param seal makes the encrypted content of thoughts
   */
  public ResponsesFeature(
      GenerationEndpoint endpoint, ErrorRenderer errors, InstantSource now, ThoughtSeal seal) {
    this.endpoint = endpoint;
    this.errors = errors;
    this.now = now;
    this.seal = seal;
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
                    ResponsesWire.SummaryPartEvent.class,
                    ResponsesWire.SummaryDelta.class,
                    ResponsesWire.SummaryDone.class,
                    ResponsesWire.TextDelta.class,
                    ResponsesWire.TextDone.class,
                    ResponsesWire.ArgumentsDelta.class,
                    ResponsesWire.ArgumentsDone.class,
                    ResponsesWire.ErrorEvent.class))
            .handle(this::answer));
  }

  private void answer(Call call, Exchange exchange) {
    String team = call.caller(Principal.class).teamId();
    ResponsesDecoder.Asked asked =
        ResponsesDecoder.decode(call.takeBody(), (content, at) -> seal.open(team, content, at));
    Optional<UnaryOperator<String>> sealing =
        asked.encrypted() ? Optional.of(thought -> seal.seal(team, thought)) : Optional.empty();
    endpoint.answer(
        call, exchange, asked.decoded(), new ResponsesEncoder(asked.echo(), errors, now, sealing));
  }
}
