package dev.jubal.backend.llama;

import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.GenerationEvent.CallArguments;
import dev.jubal.inference.GenerationEvent.CallFinished;
import dev.jubal.inference.GenerationEvent.CallStarted;
import dev.jubal.inference.GenerationEvent.ChoiceFinished;
import dev.jubal.inference.GenerationEvent.FinishReason;
import dev.jubal.inference.GenerationEvent.Logprob;
import dev.jubal.inference.GenerationEvent.TextDelta;
import dev.jubal.llama.CallSyntax;
import dev.jubal.llama.template.calls.CallParser;
import dev.jubal.llama.template.calls.CallPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The text of one choice as events: text stays text, and what the model's family writes for a call
 * becomes one. Every token is counted in exactly one event.
 */
final class ChoiceEvents {
  private final int choice;
  private final @Nullable CallParser parser;

  /** Reads text alone. */
  ChoiceEvents(int choice) {
    this.choice = choice;
    this.parser = null;
  }

  /** Reads text and calls. */
  ChoiceEvents(int choice, CallSyntax syntax) {
    this.choice = choice;
    this.parser = new CallParser(syntax);
  }

  /** More text, made of so many tokens. */
  List<GenerationEvent> text(String text, int tokens, List<Logprob> logprobs) {
    if (parser == null) {
      return List.of(new TextDelta(choice, text, tokens, logprobs));
    }
    return events(parser.feed(text), tokens, logprobs);
  }

  /** The end of the choice. */
  List<GenerationEvent> end(FinishReason reason, @Nullable String stop) {
    if (parser == null) {
      return List.of(new ChoiceFinished(choice, reason, Optional.ofNullable(stop)));
    }
    List<GenerationEvent> events = new ArrayList<>(events(parser.end(), 0, List.of()));
    boolean called = reason == FinishReason.STOP && parser.calls() > 0;
    events.add(
        new ChoiceFinished(
            choice, called ? FinishReason.TOOL_CALLS : reason, Optional.ofNullable(stop)));
    return events;
  }

  private List<GenerationEvent> events(List<CallPart> parts, int tokens, List<Logprob> logprobs) {
    List<GenerationEvent> events = new ArrayList<>(parts.size() + 1);
    int uncounted = tokens;
    List<Logprob> unsaid = logprobs;
    for (CallPart part : parts) {
      switch (part) {
        case CallPart.Text t -> {
          events.add(new TextDelta(choice, t.text(), uncounted, unsaid));
          uncounted = 0;
          unsaid = List.of();
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
    if (uncounted > 0) {
      events.add(new TextDelta(choice, "", uncounted, List.of()));
    }
    return events;
  }

  private static String callId() {
    return "call_" + UUID.randomUUID().toString().replace("-", "").substring(0, 24);
  }
}
