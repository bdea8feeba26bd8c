package dev.jubal.api.messages;

import dev.jubal.account.Principal;
import dev.jubal.api.Decoded;
import dev.jubal.api.Explanation;
import dev.jubal.api.Feature;
import dev.jubal.api.GenerationEndpoint;
import dev.jubal.api.IgnoredFields;
import dev.jubal.inference.reasoning.ThoughtSeal;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.AnthropicErrors;
import dev.jubal.platform.http.Call;
import dev.jubal.platform.http.ErrorRenderer;
import dev.jubal.platform.http.Exchange;
import dev.jubal.platform.http.Route;
import dev.jubal.platform.http.Routes;
import java.util.List;

/** {@code POST /v1/messages} and the count of its tokens. */
public final class MessagesFeature implements Feature {
  private final GenerationEndpoint endpoint;
  private final ThoughtSeal seal;
  private final boolean splitCalls;
  private final ErrorRenderer errors = new AnthropicErrors();

  /**
   * The feature.
   *
   * @param seal makes the signatures of thoughts
   * @param splitCalls whether a streamed call comes in pieces, rather than whole in one delta
   */
  public MessagesFeature(GenerationEndpoint endpoint, ThoughtSeal seal, boolean splitCalls) {
    this.endpoint = endpoint;
    this.seal = seal;
    this.splitCalls = splitCalls;
  }

  @Override
  public void register(Routes routes) {
    routes.add(
        Route.post("/v1/messages")
            .access(Access.ENDPOINT, MessagesDecoder.ENDPOINT)
            .metered()
            .summary("Continues a conversation in the form of the Anthropic API.")
            .takes(MessagesWire.Request.class)
            .gives(
                MessagesWire.Answer.class,
                List.of(
                    MessagesWire.MessageStart.class,
                    MessagesWire.BlockStart.class,
                    MessagesWire.BlockDelta.class,
                    MessagesWire.BlockStop.class,
                    MessagesWire.MessageDelta.class,
                    MessagesWire.MessageStop.class,
                    MessagesWire.Ping.class,
                    AnthropicErrors.Envelope.class))
            .errors(errors)
            .handle(this::answer));
    routes.add(
        Route.post("/v1/messages/count_tokens")
            .access(Access.ENDPOINT, MessagesDecoder.ENDPOINT)
            .summary("Counts the tokens of a prompt as the model would read it; free of charge.")
            .takes(MessagesWire.CountRequest.class)
            .gives(MessagesWire.Counted.class)
            .errors(errors)
            .handle(this::count));
    routes.add(
        Explanation.route("messages", MessagesDecoder.ENDPOINT, MessagesWire.Request.class)
            .errors(errors)
            .handle(this::explain));
  }

  private void answer(Call call, Exchange exchange) {
    Thoughts thoughts = thoughts(call);
    Decoded decoded = MessagesDecoder.decode(call.takeBody(), thoughts);
    endpoint.answer(call, exchange, decoded, new MessagesEncoder(thoughts, errors, splitCalls));
  }

  private void explain(Call call, Exchange exchange) {
    endpoint.explain(call, exchange, MessagesDecoder.decode(call.takeBody(), thoughts(call)));
  }

  private void count(Call call, Exchange exchange) {
    Decoded decoded = MessagesDecoder.decodeCount(call.takeBody(), thoughts(call));
    long tokens = endpoint.promptTokens(call, exchange, decoded);
    if (!decoded.ignored().isEmpty()) {
      exchange.header("x-jubal-ignored", IgnoredFields.header(decoded.ignored()));
    }
    exchange.json(200, new MessagesWire.Counted(tokens));
  }

  private Thoughts thoughts(Call call) {
    return new Thoughts(seal, call.caller(Principal.class).teamId());
  }
}
