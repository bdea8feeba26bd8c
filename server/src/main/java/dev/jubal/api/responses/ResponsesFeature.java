package dev.jubal.api.responses;

import dev.jubal.account.Principal;
import dev.jubal.account.ledger.Companion;
import dev.jubal.api.Explanation;
import dev.jubal.api.Feature;
import dev.jubal.api.GenerationEndpoint;
import dev.jubal.inference.Keeping;
import dev.jubal.inference.catalogue.Catalogue;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.inference.memory.Compaction;
import dev.jubal.inference.memory.ResponseMemory;
import dev.jubal.inference.reasoning.ThoughtSeal;
import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.Call;
import dev.jubal.platform.http.ErrorRenderer;
import dev.jubal.platform.http.Exchange;
import dev.jubal.platform.http.Route;
import dev.jubal.platform.http.Routes;
import dev.jubal.platform.http.SocketRoute;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Responses: made, stored, continued, compacted. */
public final class ResponsesFeature implements Feature {
  /** Its name in the ledger, and of its form of what is stored. */
  static final String DIALECT = "responses";

  private final GenerationEndpoint endpoint;
  private final InstantSource now;
  private final BackgroundResponses background;
  private final TeamRecall.Remembered remembered;
  private final Catalogue catalogue;

  /**
   * The feature.
   *
   * @param errors the form of in-stream errors, the same as that of failed requests
   * @param now tells when a response was completed
   * @param thoughts makes and opens the encrypted content of thoughts
   * @param compactions makes and opens compactions
   * @param catalogue says what holds where a request says nothing
   */
  public ResponsesFeature(
      GenerationEndpoint endpoint,
      ErrorRenderer errors,
      InstantSource now,
      ResponseMemory memory,
      ThoughtSeal thoughts,
      Compaction compactions,
      Catalogue catalogue) {
    this.endpoint = endpoint;
    this.now = now;
    this.remembered = new TeamRecall.Remembered(memory, thoughts, compactions);
    this.background = new BackgroundResponses(endpoint, errors, now, remembered);
    this.catalogue = catalogue;
  }

  @Override
  public void register(Routes routes) {
    routes.add(
        Route.post("/v1/responses")
            .access(Access.ENDPOINT, "responses")
            .metered()
            .summary("Makes a response, streamed or whole, and stores it unless told not to.")
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
    routes.add(
        Explanation.route("responses", "responses", ResponsesWire.Request.class)
            .handle(
                (call, exchange) ->
                    endpoint.explain(call, exchange, asked(call, call.takeBody()).decoded())));
    new CompactHandler(remembered, now).register(routes);
    background.register(routes);
    new StoredResponses(remembered, background).register(routes);
    routes.add(
        new SocketRoute(
            "/v1/responses",
            Access.ENDPOINT,
            "responses",
            (call, socket) -> new SocketSession(call, socket, this).serve()));
  }

  private void answer(Call call, Exchange exchange) {
    Principal caller = call.caller(Principal.class);
    byte[] body = call.takeBody();
    ResponsesDecoder.Asked asked = asked(call, body);
    if (asked.echo().background) {
      background.begin(call, exchange, asked, shape(body, asked));
      return;
    }
    ResponsesEncoder encoder = background.encoder(asked, caller);
    if (GenerationEndpoint.resumable(call)) {
      endpoint.resume(call, exchange, asked.decoded(), encoder, shape(body, asked));
    } else {
      endpoint.answer(call, exchange, asked.decoded(), encoder, keeping(asked, caller, encoder));
    }
  }

  private ResponsesDecoder.Asked asked(Call call, byte[] body) {
    Principal caller = call.caller(Principal.class);
    return ResponsesDecoder.decode(
        body,
        new ResponsesDecoder.Setting(
            call.requestId(),
            new TeamRecall(caller, remembered),
            () -> remembered.memory().stores(caller),
            this::defaults));
  }

  private byte[] shape(byte[] body, ResponsesDecoder.Asked asked) {
    return ResponseShape.of(body, asked, defaults(asked.decoded().request().model()));
  }

  TeamRecall.Remembered remembered() {
    return remembered;
  }

  GenerationEndpoint endpoint() {
    return endpoint;
  }

  Model.Defaults defaults(String name) {
    return catalogue.find(name).map(Model::defaults).orElse(Model.Defaults.NONE);
  }

  /** The catalogue name of a model that the caller may use. */
  String model(String name, Principal caller) {
    return catalogue.resolve(name, Model.Kind.LANGUAGE, caller).id();
  }

  Instant now() {
    return now.instant();
  }

  ResponsesEncoder encoder(ResponsesDecoder.Asked asked, Principal caller) {
    return background.encoder(asked, caller);
  }

  private Keeping keeping(
      ResponsesDecoder.Asked asked, Principal caller, ResponsesEncoder encoder) {
    if (!asked.echo().store) {
      return Keeping.NOTHING;
    }
    return settlement ->
        encoder
            .stored(caller, asked.kept(), settlement)
            .map(r -> remembered.memory().keeping(caller, r))
            .orElse(Companion.NONE);
  }
}
