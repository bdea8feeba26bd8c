package dev.jubal.backend.llama;

import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.GenerationEvent.CallArguments;
import dev.jubal.inference.GenerationEvent.CallFinished;
import dev.jubal.inference.GenerationEvent.CallStarted;
import dev.jubal.inference.GenerationEvent.ChoiceFinished;
import dev.jubal.inference.GenerationEvent.FinishReason;
import dev.jubal.inference.GenerationEvent.Logprob;
import dev.jubal.inference.GenerationEvent.ReasoningDelta;
import dev.jubal.inference.GenerationEvent.ReasoningFinished;
import dev.jubal.inference.GenerationEvent.TextDelta;
import dev.jubal.llama.CallSyntax;
import dev.jubal.llama.template.calls.CallParser;
import dev.jubal.llama.template.calls.CallPart;
import dev.jubal.llama.template.calls.ThoughtParser;
import dev.jubal.llama.template.calls.ThoughtPart;
import dev.jubal.llama.template.calls.ThoughtTags;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The text of one choice as events: text stays text, what stands between the tags of a thought
 * becomes one, and what the model's family writes for a call too. Every token is counted in exactly
 * one event.
 */
final class ChoiceEvents {
  private final int choice;
  private final @Nullable ThoughtParser thoughts;
  private final @Nullable CallParser parser;
  private int uncounted;
  private List<Logprob> unsaid = List.of();
  private int thought;
  private boolean spoken;

  /**
   * @param tags between which a thought may stand before all else
   * @param syntax of calls, if any may be made
   */
  ChoiceEvents(int choice, Optional<ThoughtTags> tags, Optional<CallSyntax> syntax) {
    this.choice = choice;
    this.thoughts = tags.map(ThoughtParser::new).orElse(null);
    this.parser = syntax.map(CallParser::new).orElse(null);
  }

  /** How many tokens went into its thought. */
  int thought() {
    return thought;
  }

  /** More text, made of so many tokens. */
  List<GenerationEvent> text(String text, int tokens, List<Logprob> logprobs) {
    uncounted += tokens;
    unsaid = logprobs;
    List<GenerationEvent> events = new ArrayList<>();
    if (thoughts == null) {
      say(text, events);
    } else {
      add(thoughts.feed(text), events);
    }
    if (uncounted > 0 && (thoughts == null || spoken)) {
      events.add(new TextDelta(choice, "", uncounted, List.of()));
      uncounted = 0;
    }
    return events;
  }

  /** The end of the choice. */
  List<GenerationEvent> end(FinishReason reason, @Nullable String stop) {
    unsaid = List.of();
    List<GenerationEvent> events = new ArrayList<>();
    if (thoughts != null) {
      add(thoughts.end(), events);
    }
    boolean called = false;
    if (parser != null) {
      addCalls(parser.end(), events);
      called = reason == FinishReason.STOP && parser.calls() > 0;
    }
    events.add(
        new ChoiceFinished(
            choice, called ? FinishReason.TOOL_CALLS : reason, Optional.ofNullable(stop)));
    return events;
  }

  private void add(List<ThoughtPart> parts, List<GenerationEvent> events) {
    for (ThoughtPart part : parts) {
      switch (part) {
        case ThoughtPart.Thought t -> {
          events.add(new ReasoningDelta(choice, t.text(), uncounted));
          thought += uncounted;
          counted();
        }
        case ThoughtPart.Finished _ -> events.add(new ReasoningFinished(choice));
        case ThoughtPart.Text t -> say(t.text(), events);
      }
    }
  }

  private void say(String text, List<GenerationEvent> events) {
    spoken = true;
    if (parser != null) {
      addCalls(parser.feed(text), events);
    } else {
      events.add(new TextDelta(choice, text, uncounted, unsaid));
      counted();
    }
  }

  private void counted() {
    uncounted = 0;
    unsaid = List.of();
  }

  private void addCalls(List<CallPart> parts, List<GenerationEvent> events) {
    for (CallPart part : parts) {
      switch (part) {
        case CallPart.Text t -> {
          events.add(new TextDelta(choice, t.text(), uncounted, unsaid));
          counted();
        }
        case CallPart.Started s ->
            events.add(new CallStarted(choice, s.index(), callId(), s.name()));
        case CallPart.Arguments a -> {
          events.add(new CallArguments(choice, a.index(), a.delta(), uncounted));
          uncounted = 0;
        }
        case CallPart.Finished f -> events.add(new CallFinished(choice, f.index()));
      }
    }
  }

  private static String callId() {
    return "call_" + UUID.randomUUID().toString().replace("-", "").substring(0, 24);
  }
}
