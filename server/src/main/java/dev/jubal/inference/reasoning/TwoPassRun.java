package dev.jubal.inference.reasoning;

import dev.jubal.account.ledger.Usage;
import dev.jubal.inference.AnswerFormat;
import dev.jubal.inference.BackendFailure;
import dev.jubal.inference.EventSink;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.SamplingOptions;
import dev.jubal.platform.time.Cancellation;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One request in two passes. Its events are those of one answer: {@code Started} is that of the
 * first pass, {@code Finished} has the usage of all passes together, the first one's completion
 * counted as reasoning.
 *
 * <p>The prompt of the second pass is that of the first, the thought, and some words more, so that
 * a backend with a memory of prompts computes only those words. The words stand within the answer's
 * own turn: neither the roles nor the last message of the client change, and a decision on what to
 * call sees the same conversation as without thoughts.
 *
 * <p>All choices think in one pass. Then they answer one after the other, as each goes on from a
 * thought of its own; with a seed each draws by another one.
 */
final class TwoPassRun {
  /** How a thought begins: what follows is about the question, and does not answer yet. */
  static final String OPENING = "Okay, so the question is about";

  /** Where a thought turns into the answer. Without a line end, after which small models stop. */
  static final String TURN = "\n\nTherefore, the short answer is:";

  /** What shows the model that a thought was cut by its budget. */
  private static final String CUT = " ...";

  private final GenerationRequest request;
  private final int budget;
  private final long context;
  private final EventSink sink;
  private final Cancellation cancel;
  private Usage used = Usage.NONE;
  private long costTicks;

  /**
   * @param budget most tokens of each thought
   * @param context most tokens of prompt and answer together
   */
  TwoPassRun(
      GenerationRequest request, int budget, long context, EventSink sink, Cancellation cancel) {
    this.request = request;
    this.budget = budget;
    this.context = context;
    this.sink = sink;
    this.cancel = cancel;
  }

  /** Has a backend answer one request. */
  @FunctionalInterface
  interface Pass {
    void run(GenerationRequest request, EventSink sink, Cancellation cancel);
  }

  void run(Pass pass) {
    List<Thought> thoughts = think(pass);
    for (int choice = 0; choice < thoughts.size() && !cancel.cancelled(); choice++) {
      answer(pass, choice, thoughts.get(choice));
    }
    sink.accept(new GenerationEvent.Finished(used, costTicks));
  }

  private List<Thought> think(Pass pass) {
    Cancellation stop = new Cancellation();
    cancel.onCancel(() -> stop.cancel(cancel.reason().orElseThrow()));
    Thinking thinking = new Thinking(request.options().choices(), OPENING, context, sink, stop);
    pass.run(thinkingRequest(), thinking, stop);
    spend(thinking.usage(), thinking.costTicks());
    return cancel.cancelled() ? List.of() : thinking.end();
  }

  private GenerationRequest thinkingRequest() {
    GenerationRequest.Options o = request.options();
    return request
        .withLimits(new GenerationRequest.Limits(OptionalInt.of(budget), List.of()))
        .withOptions(
            new GenerationRequest.Options(
                o.choices(),
                OptionalInt.empty(),
                o.thought(),
                o.user(),
                new AnswerFormat.Thought(),
                o.tools(),
                Optional.of(OPENING)));
  }

  /** Once more when it broke without a word: the client has read the thought, but nothing else. */
  private void answer(Pass pass, int choice, Thought thought) {
    Answering answering = new Answering(choice, sink);
    GenerationRequest asked = answeringRequest(choice, thought);
    try {
      pass.run(asked, answering, cancel);
    } catch (BackendFailure.Broken e) {
      if (answering.spoke() || cancel.cancelled()) {
        throw e;
      }
      pass.run(asked, answering, cancel);
    }
    spend(answering.usage(), answering.costTicks());
  }

  private GenerationRequest answeringRequest(int choice, Thought thought) {
    String before = thought.text() + (thought.whole() ? "" : CUT) + TURN;
    GenerationRequest.Options o = request.options();
    return request
        .withSampling(seeded(request.sampling(), choice))
        .withOptions(
            new GenerationRequest.Options(
                1,
                o.topLogprobs(),
                new GenerationRequest.Thought(
                    o.thought().effort(), o.thought().budget(), Optional.of(before)),
                o.user(),
                o.format(),
                o.tools()));
  }

  private static SamplingOptions seeded(SamplingOptions s, int choice) {
    Optional<Long> seed = s.seed().map(first -> first + choice);
    return new SamplingOptions(
        s.temperature(), s.topP(), s.topK(), s.minP(), s.penalties(), s.logitBias(), seed);
  }

  private void spend(Usage usage, long ticks) {
    used = used.plus(usage);
    costTicks += ticks;
  }

  /**
   * What was thought, its opening included.
   *
   * @param whole whether it came to its own end
   */
  record Thought(String text, boolean whole) {}
}
