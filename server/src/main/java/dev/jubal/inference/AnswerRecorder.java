package dev.jubal.inference;

import dev.jubal.inference.GenerationEvent.FinishReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Collects what the choices of one answer said and called, from the events that go by. */
final class AnswerRecorder {
  private final List<Growing> choices;

  AnswerRecorder(int count) {
    this.choices = Stream.generate(Growing::new).limit(count).toList();
  }

  /** A recorder that knows what is written already. */
  static AnswerRecorder of(GenerationRequest.Options options) {
    AnswerRecorder recorder = new AnswerRecorder(options.choices());
    for (int i = 0; i < options.begun().size(); i++) {
      options.begun().get(i).events(i).forEach(recorder::take);
    }
    return recorder;
  }

  /**
   * A choice.
   *
   * @param calls the whole ones
   * @param reason empty while it is not finished
   * @param stopped whether a stop text of the client cut it
   */
  record Choice(
      String text, List<Item.FunctionCall> calls, Optional<FinishReason> reason, boolean stopped) {}

  /** A sink that takes events and passes them on. */
  EventSink before(EventSink next) {
    return event -> {
      take(event);
      next.accept(event);
    };
  }

  void take(GenerationEvent event) {
    switch (event) {
      case GenerationEvent.TextDelta d -> choices.get(d.choice()).text.append(d.text());
      case GenerationEvent.CallStarted c -> choices.get(c.choice()).start(c);
      case GenerationEvent.CallArguments c -> choices.get(c.choice()).arguments.append(c.delta());
      case GenerationEvent.CallFinished c -> choices.get(c.choice()).finishCall();
      case GenerationEvent.ChoiceFinished c -> choices.get(c.choice()).end = c;
      case GenerationEvent.Accepted _,
          GenerationEvent.Queued _,
          GenerationEvent.Started _,
          GenerationEvent.ReasoningDelta _,
          GenerationEvent.ReasoningFinished _,
          GenerationEvent.Finished _ -> {
        // of the whole answer, or before it
      }
    }
  }

  List<Choice> choices() {
    return choices.stream().map(Growing::choice).toList();
  }

  /** A choice that grows; its calls come one after the other. */
  private static final class Growing {
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder arguments = new StringBuilder();
    private final List<Item.FunctionCall> calls = new ArrayList<>();
    private GenerationEvent.@Nullable CallStarted open;
    private GenerationEvent.@Nullable ChoiceFinished end;

    void start(GenerationEvent.CallStarted started) {
      open = started;
      arguments.setLength(0);
    }

    void finishCall() {
      if (open != null) {
        calls.add(new Item.FunctionCall(open.callId(), open.name(), arguments.toString()));
        open = null;
      }
    }

    Choice choice() {
      return new Choice(
          text.toString(),
          List.copyOf(calls),
          Optional.ofNullable(end).map(GenerationEvent.ChoiceFinished::reason),
          end != null && end.stop().isPresent());
    }
  }
}
