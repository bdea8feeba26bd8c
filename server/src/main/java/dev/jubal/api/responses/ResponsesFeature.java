package dev.jubal.api.responses;

import dev.jubal.account.Principal;
import dev.jubal.account.ledger.Companion;
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
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Responses: made, stored, continued, compacted. */
public final class ResponsesFeature implements Feature {
  /** Its name in the ledger, and of its form of what is stored. */
  static final String DIALECT = "responses";

  private final GenerationEndpoint endpoint;
  private final ErrorRenderer errors;
  private final InstantSource now;
  private final TeamRecall.Remembered remembered;
  private final Function<String, Model.Defaults> defaults;

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
    this.errors = errors;
    this.now = now;
    this.remembered = new TeamRecall.Remembered(memory, thoughts, compactions);
    this.defaults = name -> catalogue.find(name).map(Model::defaults).orElse(Model.Defaults.NONE);
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
    new CompactHandler(remembered, now).register(routes);
    new StoredResponses(remembered).register(routes);
  }

  private void answer(Call call, Exchange exchange) {
    Principal caller = call.caller(Principal.class);
    ResponsesDecoder.Asked asked =
        ResponsesDecoder.decode(
            call.takeBody(),
            new ResponsesDecoder.Setting(
                call.requestId(),
                new TeamRecall(caller.teamId(), remembered),
                () -> stores(call, caller),
                defaults));
    ResponsesEncoder encoder = encoder(asked, caller);
    endpoint.answer(call, exchange, asked.decoded(), encoder, keeping(asked, caller, encoder));
  }

  /** What the client can come back to lives in the queue of work, which keeps its own events. */
  private boolean stores(Call call, Principal caller) {
    return !GenerationEndpoint.resumable(call) && remembered.memory().stores(caller);
  }

  private ResponsesEncoder encoder(ResponsesDecoder.Asked asked, Principal caller) {
    Optional<UnaryOperator<String>> sealing =
        asked.encrypted()
            ? Optional.of(thought -> remembered.thoughts().seal(caller.teamId(), thought))
            : Optional.empty();
    return new ResponsesEncoder(asked.echo(), errors, now, sealing);
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
