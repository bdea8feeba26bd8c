package dev.jubal.inference;

import dev.jubal.account.ledger.Usage;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.time.Cancellation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a backend that keeps no schema by itself is made to: its answer is held back, checked, and on
 * a flaw it is told what was wrong and asked again, twice at most. What goes on is one whole answer
 * or an error. Every attempt is paid for.
 */
final class CheckedAttempts implements EventSink {
  private static final int MOST = 3;

  private final AnswerCheck check;
  private final SettlingSink settling;
  private final Cancellation cancel;
  private Held held = new Held(0);

  /** One attempt of a backend, whose events come to this sink. */
  @FunctionalInterface
  interface Attempt {
    void run(GenerationRequest request);
  }

  CheckedAttempts(AnswerCheck check, SettlingSink settling, Cancellation cancel) {
    this.check = check;
    this.settling = settling;
    this.cancel = cancel;
  }

  /**
   * Gives the sink an answer without flaw, or nothing when the request is cancelled.
   *
   * @throws ApiException of {@link ErrorCode#SCHEMA_NOT_MET} when the last attempt has a flaw too
   */
  void run(GenerationRequest request, Attempt attempt) {
    GenerationRequest next = request;
    for (int made = 1; ; made++) {
      held = new Held(request.options().choices());
      Optional<AnswerCheck.Flaw> flaw = flaw(next, attempt);
      if (cancel.cancelled()) {
        return;
      }
      if (flaw.isEmpty()) {
        held.events.forEach(settling::accept);
        return;
      }
      settling.spend(held.used(), held.costTicks);
      if (made == MOST) {
        throw new ApiException(
            ErrorCode.SCHEMA_NOT_MET,
            "The model was asked "
                + MOST
                + " times, and "
                + flaw.get().message()
                + " (expected: an answer that satisfies the request's schemas).");
      }
      next = again(next, flaw.get());
    }
  }

  private Optional<AnswerCheck.Flaw> flaw(GenerationRequest request, Attempt attempt) {
    boolean whole = false;
    try {
      attempt.run(request);
      whole = !cancel.cancelled();
    } finally {
      if (!whole) {
        settling.spend(held.used(), held.costTicks);
      }
    }
    return whole ? check.flaw(held.answer) : Optional.empty();
  }

  @Override
  public void accept(GenerationEvent event) {
    if (event instanceof GenerationEvent.Queued) {
      settling.accept(event); // its place in the queue is told at once
    } else {
      held.take(event);
    }
  }

  /** The request with the flawed answer and what was wrong about it. */
  private static GenerationRequest again(GenerationRequest request, AnswerCheck.Flaw flaw) {
    if (!(request.prompt() instanceof Prompt.Conversation conversation)) {
      return request; // bare text has no turns, and no dialect of it has schemas
    }
    List<Item> items = new ArrayList<>(conversation.items());
    AnswerRecorder.Choice choice = flaw.choice();
    if (!choice.text().isEmpty()) {
      items.add(Item.Message.text(Role.ASSISTANT, choice.text()));
    }
    items.addAll(choice.calls());
    for (Item.FunctionCall call : choice.calls()) {
      items.add(Item.FunctionCallOutput.text(call.callId(), "Not run: " + flaw.message() + "."));
    }
    items.add(
        Item.Message.text(
            Role.USER,
            "This is not valid: "
                + flaw.message()
                + ". Answer again, with only what was asked for, so that it satisfies the"
                + " schema."));
    return request.withPrompt(new Prompt.Conversation(items));
  }

  /** An attempt that is held back. */
  private static final class Held {
    private final List<GenerationEvent> events = new ArrayList<>();
    private final AnswerRecorder answer;
    private Usage counted = Usage.NONE;
    private Optional<Usage> reported = Optional.empty();
    private long costTicks;

    Held(int choices) {
      this.answer = new AnswerRecorder(choices);
    }

    void take(GenerationEvent event) {
      events.add(event);
      answer.take(event);
      switch (event) {
        case GenerationEvent.Started s -> counted = Usage.of(s.prompt(), s.cached(), 0);
        case GenerationEvent.ReasoningDelta d ->
            counted = counted.plus(new Usage(0, 0, 0, 0, d.tokens()));
        case GenerationEvent.TextDelta d -> made(d.tokens());
        case GenerationEvent.CallArguments c -> made(c.tokens());
        case GenerationEvent.Finished f -> {
          reported = Optional.of(f.usage());
          costTicks = f.costTicks();
        }
        default -> {
          // costs nothing
        }
      }
    }

    private void made(int tokens) {
      counted = counted.plus(Usage.of(0, 0, tokens));
    }

    Usage used() {
      return reported.orElse(counted);
    }
  }
}
