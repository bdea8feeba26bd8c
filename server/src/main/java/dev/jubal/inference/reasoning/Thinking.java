package dev.jubal.inference.reasoning;

import dev.jubal.account.ledger.Usage;
import dev.jubal.inference.EventSink;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.time.Cancellation;
import java.util.List;
import java.util.stream.Stream;

/**
 * Takes the events of a first pass, hands its text on as thought, and keeps it.
 *
 * <p>A thought ends early where it goes round in a circle, as those of small models do (the answer
 * then goes on from the first round), and where half of the context that the prompt left is used:
 * the other half is the answer's. What a backend makes after that is neither shown nor counted.
 */
final class Thinking implements EventSink {
  /** Texts of so many characters are looked at for a circle. */
  private static final int SHORTEST_ROUND = 12;

  private static final int LONGEST_ROUND = 160;

  private final List<Growing> choices;
  private final long context;
  private final EventSink next;
  private final Cancellation stop;
  private long room = Long.MAX_VALUE;
  private boolean stopped;
  private Usage usage = Usage.NONE;
  private long costTicks;

  /**
   * @param stop ends the pass, and nothing else
   */
  Thinking(int choices, long context, EventSink next, Cancellation stop) {
    this.choices = Stream.generate(Growing::new).limit(choices).toList();
    this.context = context;
    this.next = next;
    this.stop = stop;
  }

  /** Goes on with the one thought that there is, of which something was told. */
  static Thinking after(String text, long context, EventSink next, Cancellation stop) {
    Thinking thinking = new Thinking(1, context, next, stop);
    Growing growing = thinking.choices.getFirst();
    growing.text.append(text);
    growing.begun = true;
    return thinking;
  }

  /** A thought that is over, as it was told. */
  static TwoPassRun.Thought read(String text, boolean whole) {
    int round = circle(text);
    return new TwoPassRun.Thought(text.substring(0, text.length() - 2 * round), whole || round > 0);
  }

  @Override
  public void accept(GenerationEvent event) {
    switch (event) {
      case GenerationEvent.Queued _ -> next.accept(event);
      case GenerationEvent.Started s -> {
        room = Math.max(1, (context - s.prompt()) / 2);
        next.accept(event);
      }
      case GenerationEvent.ReasoningDelta d -> grow(d.choice(), d.text(), d.tokens());
      case GenerationEvent.TextDelta d -> grow(d.choice(), d.text(), d.tokens());
      case GenerationEvent.ChoiceFinished c -> {
        choices.get(c.choice()).whole = c.reason() == GenerationEvent.FinishReason.STOP;
        finish(c.choice());
      }
      case GenerationEvent.Finished f -> {
        usage = f.usage();
        costTicks = f.costTicks();
      }
      case GenerationEvent.Accepted _,
          GenerationEvent.ReasoningFinished _,
          GenerationEvent.CallStarted _,
          GenerationEvent.CallArguments _,
          GenerationEvent.CallFinished _ -> {
        // a call made within a thought is none
      }
    }
  }

  private void grow(int choice, String text, int tokens) {
    Growing growing = choices.get(choice);
    if (growing.finished) {
      return;
    }
    growing.text.append(text); // as it came: so it is read again from memory
    String said = growing.begun ? text : text.stripLeading();
    growing.begun |= !said.isEmpty();
    growing.tokens += tokens;
    next.accept(new GenerationEvent.ReasoningDelta(choice, said, tokens));
    int round = circle(growing.text);
    if (round > 0) { // what goes on from a circle would go on with it
      growing.text.setLength(growing.text.length() - 2 * round);
      growing.whole = true;
    }
    if (growing.tokens >= room || round > 0) {
      finish(choice);
    }
    if (choices.stream().allMatch(c -> c.finished) && !stop.cancelled()) {
      stopped = true;
      stop.cancel(new ApiException(ErrorCode.INTERNAL_ERROR, "A thought is over."));
    }
  }

  /** Length of the stretch that a text ends with three times, 0 if there is none. */
  static int circle(CharSequence text) {
    int end = text.length();
    for (int round = SHORTEST_ROUND; round <= LONGEST_ROUND && 3 * round <= end; round++) {
      int same = 0;
      while (same < 2 * round
          && text.charAt(end - 1 - same) == text.charAt(end - 1 - same - round)) {
        same++;
      }
      if (same == 2 * round) {
        return round;
      }
    }
    return 0;
  }

  private void finish(int choice) {
    Growing growing = choices.get(choice);
    if (!growing.finished) {
      growing.finished = true;
      next.accept(new GenerationEvent.ReasoningFinished(choice));
    }
  }

  /** The thoughts; those that are open end here. */
  List<TwoPassRun.Thought> end() {
    for (int i = 0; i < choices.size(); i++) {
      finish(i);
    }
    return choices.stream().map(g -> new TwoPassRun.Thought(g.text.toString(), g.whole)).toList();
  }

  /** What was used; of a thought that was stopped, what was shown. */
  Usage usage() {
    long shown = choices.stream().mapToLong(c -> c.tokens).sum();
    long thought = stopped ? shown : usage.completion() + usage.reasoning();
    return new Usage(usage.prompt(), usage.cached(), usage.image(), 0, thought, usage.units());
  }

  long costTicks() {
    return costTicks;
  }

  /** The thought of a choice. */
  private static final class Growing {
    private final StringBuilder text = new StringBuilder();
    private long tokens;
    private boolean begun;
    private boolean whole;
    private boolean finished;
  }
}
