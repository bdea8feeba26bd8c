package dev.jubal.inference.work;

import dev.jubal.account.ledger.Usage;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.GenerationRequest.Begun;
import dev.jubal.inference.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * How far an answer came, told from its stored events.
 *
 * @param started whether a backend had begun; then the prompt is paid for
 * @param choices what there is of each choice
 */
record Progress(boolean started, Usage usage, List<Begun> choices) {

  /** Whether nothing was made yet. */
  boolean nothing() {
    return choices.stream().allMatch(Begun::nothing);
  }

  /** Whether all choices are finished, so that nothing but the settlement lacks. */
  boolean whole() {
    return choices.stream().allMatch(Begun::finished);
  }

  static Progress of(GenerationRequest request, List<GenerationEvent> events) {
    List<Growing> choices =
        Stream.generate(Growing::new).limit(request.options().choices()).toList();
    Usage usage = Usage.NONE;
    boolean started = false;
    for (GenerationEvent event : events) {
      switch (event) {
        case GenerationEvent.Started s -> {
          started = true; // a prompt that was read again is paid once
          usage = new Usage(s.prompt(), s.cached(), 0, usage.completion(), usage.reasoning());
        }
        case GenerationEvent.TextDelta d -> {
          choices.get(d.choice()).text(d.text(), d.tokens());
          usage = usage.plus(Usage.of(0, 0, d.tokens()));
        }
        case GenerationEvent.ReasoningDelta d -> {
          choices.get(d.choice()).think(d.text(), d.tokens());
          usage = usage.plus(new Usage(0, 0, 0, 0, d.tokens()));
        }
        case GenerationEvent.ReasoningFinished d -> choices.get(d.choice()).thought = true;
        case GenerationEvent.CallStarted c -> choices.get(c.choice()).call(c);
        case GenerationEvent.CallArguments a -> {
          choices.get(a.choice()).arguments(a.delta(), a.tokens());
          usage = usage.plus(Usage.of(0, 0, a.tokens()));
        }
        case GenerationEvent.CallFinished c -> choices.get(c.choice()).wholeCall();
        case GenerationEvent.ChoiceFinished c -> choices.get(c.choice()).finished = true;
        case GenerationEvent.Accepted _, GenerationEvent.Queued _, GenerationEvent.Finished _ -> {
          // tells nothing of it
        }
      }
    }
    return new Progress(started, usage, choices.stream().map(Growing::begun).toList());
  }

  /** A choice that grows. */
  private static final class Growing {
    private final StringBuilder thinking = new StringBuilder();
    private final List<Begun.Piece> pieces = new ArrayList<>();
    private final StringBuilder arguments = new StringBuilder();
    private long thoughtTokens;
    private long tokens;
    private boolean thought;
    private boolean finished;

    void think(String text, int made) {
      thinking.append(text);
      thoughtTokens += made;
    }

    void text(String text, int made) {
      tokens += made;
      if (text.isEmpty()) {
        return;
      }
      if (!pieces.isEmpty() && pieces.getLast() instanceof Begun.Piece.Text before) {
        pieces.set(pieces.size() - 1, new Begun.Piece.Text(before.text() + text));
      } else {
        pieces.add(new Begun.Piece.Text(text));
      }
    }

    void call(GenerationEvent.CallStarted started) {
      arguments.setLength(0);
      pieces.add(
          new Begun.Piece.Call(new Item.FunctionCall(started.callId(), started.name(), ""), false));
    }

    void arguments(String more, int made) {
      tokens += made;
      arguments.append(more);
      open(false);
    }

    void wholeCall() {
      open(true);
    }

    private void open(boolean whole) {
      for (int i = pieces.size() - 1; i >= 0; i--) { // tokens without a text may stand behind it
        if (pieces.get(i) instanceof Begun.Piece.Call c) {
          Item.FunctionCall call =
              new Item.FunctionCall(c.call().callId(), c.call().name(), arguments.toString());
          pieces.set(i, new Begun.Piece.Call(call, whole));
          return;
        }
      }
    }

    Begun begun() {
      return new Begun(
          new Begun.Thinking(thinking.toString(), thought, thoughtTokens),
          pieces,
          tokens,
          finished);
    }
  }
}
