package dev.jubal.inference.reasoning;

import dev.jubal.account.ledger.Usage;
import dev.jubal.inference.EventSink;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.GenerationEvent.FinishReason;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.GenerationRequest.Begun;
import dev.jubal.platform.time.Cancellation;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Brings an answer to its end of which something is written already, such as before the server
 * ended: one choice after the other, each as an answer of one choice that goes on from its own
 * beginning. Choices that are finished stay so. Used once.
 */
final class GoingOn {
  private final GenerationRequest request;
  private final EventSink sink;
  private final Cancellation cancel;
  private Usage used = Usage.NONE;
  private long costTicks;
  private boolean started;

  GoingOn(GenerationRequest request, EventSink sink, Cancellation cancel) {
    this.request = request;
    this.sink = sink;
    this.cancel = cancel;
  }

  /** Answers a request of one choice. */
  @FunctionalInterface
  interface One {
    void run(GenerationRequest request, EventSink sink);
  }

  void run(One one) {
    List<Begun> begun = request.options().begun();
    for (int choice = 0; choice < begun.size() && !cancel.cancelled(); choice++) {
      if (!begun.get(choice).finished()) {
        goOn(one, choice, begun.get(choice));
      }
    }
    sink.accept(new GenerationEvent.Finished(used, costTicks));
  }

  private void goOn(One one, int choice, Begun begun) {
    OptionalInt most = request.limits().maxTokens();
    long left = most.orElse(Integer.MAX_VALUE) - begun.tokens();
    if (left <= 0) {
      sink.accept(
          new GenerationEvent.ChoiceFinished(choice, FinishReason.LENGTH, Optional.empty()));
      return;
    }
    GenerationRequest rest =
        request
            .withSampling(TwoPassRun.seeded(request.sampling(), choice))
            .withBegun(List.of(begun));
    if (most.isPresent()) {
      rest =
          rest.withLimits(
              new GenerationRequest.Limits(
                  OptionalInt.of((int) left), request.limits().stop(), request.limits().endFrom()));
    }
    one.run(rest, event -> tell(choice, event));
  }

  private void tell(int choice, GenerationEvent event) {
    switch (event) {
      case GenerationEvent.Accepted _, GenerationEvent.Queued _ -> sink.accept(event);
      case GenerationEvent.Started _ -> {
        if (!started) { // of further choices nobody is told
          started = true;
          sink.accept(event);
        }
      }
      case GenerationEvent.ReasoningDelta d ->
          sink.accept(new GenerationEvent.ReasoningDelta(choice, d.text(), d.tokens()));
      case GenerationEvent.ReasoningFinished _ ->
          sink.accept(new GenerationEvent.ReasoningFinished(choice));
      case GenerationEvent.TextDelta d ->
          sink.accept(new GenerationEvent.TextDelta(choice, d.text(), d.tokens(), d.logprobs()));
      case GenerationEvent.CallStarted c ->
          sink.accept(new GenerationEvent.CallStarted(choice, c.index(), c.callId(), c.name()));
      case GenerationEvent.CallArguments c ->
          sink.accept(new GenerationEvent.CallArguments(choice, c.index(), c.delta(), c.tokens()));
      case GenerationEvent.CallFinished c ->
          sink.accept(new GenerationEvent.CallFinished(choice, c.index()));
      case GenerationEvent.ChoiceFinished c ->
          sink.accept(new GenerationEvent.ChoiceFinished(choice, c.reason(), c.stop()));
      case GenerationEvent.Finished f -> {
        used = used.plus(f.usage());
        costTicks += f.costTicks();
      }
    }
  }
}
