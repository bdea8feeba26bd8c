package dev.jubal.inference.reasoning;

import dev.jubal.account.ledger.Usage;
import dev.jubal.inference.EventSink;
import dev.jubal.inference.GenerationEvent;

/**
 * Takes the events of a second pass, which has one choice, and hands them on as those of a choice.
 */
final class Answering implements EventSink {
  private final int choice;
  private final EventSink next;
  private boolean begun;
  private boolean spoke;
  private Usage usage = Usage.NONE;
  private long costTicks;

  /**
   * @param begun whether some of the answer was told before
   */
  Answering(int choice, EventSink next, boolean begun) {
    this.choice = choice;
    this.next = next;
    this.begun = begun;
  }

  @Override
  public void accept(GenerationEvent event) {
    switch (event) {
      case GenerationEvent.Accepted _,
          GenerationEvent.Queued _,
          GenerationEvent.Started _,
          GenerationEvent.ReasoningDelta _,
          GenerationEvent.ReasoningFinished _ -> {
        // the answer as a whole has begun, and its thought is over
      }
      case GenerationEvent.TextDelta d -> {
        String text = begun ? d.text() : d.text().stripLeading(); // there was text before it
        begun |= !text.isEmpty();
        say(new GenerationEvent.TextDelta(choice, text, d.tokens(), d.logprobs()));
      }
      case GenerationEvent.CallStarted c ->
          say(new GenerationEvent.CallStarted(choice, c.index(), c.callId(), c.name()));
      case GenerationEvent.CallArguments c ->
          say(new GenerationEvent.CallArguments(choice, c.index(), c.delta(), c.tokens()));
      case GenerationEvent.CallFinished c ->
          say(new GenerationEvent.CallFinished(choice, c.index()));
      case GenerationEvent.ChoiceFinished c ->
          say(new GenerationEvent.ChoiceFinished(choice, c.reason(), c.stop()));
      case GenerationEvent.Finished f -> {
        usage = f.usage();
        costTicks = f.costTicks();
      }
    }
  }

  private void say(GenerationEvent event) {
    spoke = true;
    next.accept(event);
  }

  /** Whether anything was handed on. */
  boolean spoke() {
    return spoke;
  }

  Usage usage() {
    return usage;
  }

  long costTicks() {
    return costTicks;
  }
}
