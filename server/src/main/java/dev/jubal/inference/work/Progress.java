package dev.jubal.inference.work;

import dev.jubal.account.ledger.Usage;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.GenerationRequest;
import java.util.List;

/**
 * How far an answer came, told from its stored events.
 *
 * @param started whether a backend had begun; then the prompt is paid for
 * @param text of the one choice
 * @param whole whether all choices are finished, so that nothing but the settlement lacks
 * @param plain whether there is one choice that consists of text alone, after which a backend can
 *     go on
 */
record Progress(boolean started, Usage usage, String text, boolean whole, boolean plain) {

  /** Whether nothing was made yet. */
  boolean nothing() {
    return usage.completion() + usage.reasoning() == 0;
  }

  static Progress of(GenerationRequest request, List<GenerationEvent> events) {
    StringBuilder text = new StringBuilder();
    Usage usage = Usage.NONE;
    boolean started = false;
    int finished = 0;
    GenerationRequest.Options options = request.options();
    boolean plain = options.choices() == 1;
    for (GenerationEvent event : events) {
      switch (event) {
        case GenerationEvent.Started s -> {
          started = true; // a prompt that was read again is paid once
          usage = new Usage(s.prompt(), s.cached(), 0, usage.completion(), usage.reasoning());
        }
        case GenerationEvent.TextDelta d -> {
          text.append(d.text());
          usage = usage.plus(Usage.of(0, 0, d.tokens()));
        }
        case GenerationEvent.ReasoningDelta d -> {
          usage = usage.plus(new Usage(0, 0, 0, 0, d.tokens()));
          plain = false;
        }
        case GenerationEvent.CallStarted _ -> plain = false;
        case GenerationEvent.CallArguments a -> usage = usage.plus(Usage.of(0, 0, a.tokens()));
        case GenerationEvent.ChoiceFinished _ -> finished++;
        case GenerationEvent.Accepted _,
            GenerationEvent.Queued _,
            GenerationEvent.ReasoningFinished _,
            GenerationEvent.CallFinished _,
            GenerationEvent.Finished _ -> {
          // tells nothing of it
        }
      }
    }
    boolean whole = finished >= options.choices();
    return new Progress(started, usage, text.toString(), whole, plain);
  }
}
