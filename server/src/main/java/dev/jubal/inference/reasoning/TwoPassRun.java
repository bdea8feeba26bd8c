package dev.jubal.inference.reasoning;

import dev.jubal.account.ledger.Usage;
import dev.jubal.inference.AnswerFormat;
import dev.jubal.inference.BackendFailure;
import dev.jubal.inference.EventSink;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.GenerationRequest.Begun;
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
 * <p>The prompt of the second pass begins with that of the first and the thought, so that a backend
 * with a memory of prompts computes only what follows. How the thought is shown is the backend's:
 * neither the roles nor the last message of the client change, and a decision on what to call sees
 * the same conversation as without thoughts. Where a question is too long to stand there twice, the
 * answer goes without the thought.
 *
 * <p>All choices think in one pass. Then they answer one after the other, as each goes on from a
 * thought of its own; with a seed each draws by another one.
 */
final class TwoPassRun {
  private final Words words;
  private final GenerationRequest request;
  private final int budget;
  private final long context;
  private final EventSink sink;
  private final Cancellation cancel;
  private final Begun begun;
  private Usage used = Usage.NONE;
  private long costTicks;
  private int prompts;
  private boolean heeded = true;

  /**
   * @param words what stands around a thought
   * @param budget most tokens of each thought
   * @param context most tokens of prompt and answer together
   */
  TwoPassRun(
      GenerationRequest request,
      Words words,
      int budget,
      long context,
      EventSink sink,
      Cancellation cancel) {
    this.request = request;
    this.words = words;
    this.budget = budget;
    this.context = context;
    this.sink = sink;
    this.cancel = cancel;
    List<Begun> all = request.options().begun();
    this.begun = all.isEmpty() ? Begun.NOTHING : all.getFirst(); // then there is one choice
  }

  /**
   * How a thought is handed to the answer.
   *
   * @param cut what shows that its budget cut it
   * @param twice whether the question stands in the second prompt twice
   */
  record Words(String cut, boolean twice) {
    /** For weights that never learned to think: a draft, and the question once more. */
    static final Words MADE = new Words(" ...", true);

    /** For those that go on from their thought in tags of their own. */
    static final Words OWN = new Words("", false);
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
    sink.accept(new GenerationEvent.Finished(used, costTicks, OptionalInt.of(prompts)));
  }

  private List<Thought> think(Pass pass) {
    Begun.Thinking had = begun.thought();
    if (had.whole() || !begun.pieces().isEmpty()) {
      return List.of(Thinking.read(had.text(), had.tokens() < budget));
    }
    if (had.tokens() >= budget) {
      sink.accept(new GenerationEvent.ReasoningFinished(0));
      return List.of(Thinking.read(had.text(), false));
    }
    Cancellation stop = new Cancellation();
    cancel.onCancel(() -> stop.cancel(cancel.reason().orElseThrow()));
    Thinking thinking =
        had.text().isEmpty()
            ? new Thinking(request.options().choices(), context, sink, stop)
            : Thinking.after(had.text(), context, sink, stop);
    pass.run(thinkingRequest(), thinking, stop);
    spend(thinking.usage(), thinking.costTicks());
    heeded = !words.twice || 2 * thinking.usage().prompt() + budget <= context - context / 4;
    return cancel.cancelled() ? List.of() : thinking.end();
  }

  private GenerationRequest thinkingRequest() {
    GenerationRequest.Options o = request.options();
    Begun.Thinking had = begun.thought();
    int left = (int) (budget - had.tokens());
    return request
        .withLimits(new GenerationRequest.Limits(OptionalInt.of(left), List.of()))
        .withOptions(
            new GenerationRequest.Options(
                o.choices(),
                OptionalInt.empty(),
                thought(had.text()),
                o.user(),
                new AnswerFormat.Thought(),
                o.tools()));
  }

  /** Once more when it broke without a word: the client has read the thought, but nothing else. */
  private void answer(Pass pass, int choice, Thought thought) {
    Answering answering = new Answering(choice, sink, !begun.pieces().isEmpty());
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
    String before = heeded ? thought.text() + (thought.whole() ? "" : words.cut) : "";
    boolean goesOn = !begun.pieces().isEmpty();
    GenerationRequest.Options o = request.options();
    return request
        .withSampling(seeded(request.sampling(), choice))
        .withOptions(
            new GenerationRequest.Options(
                1, o.topLogprobs(), thought(before), o.user(), o.format(), o.tools()))
        .withBegun(goesOn ? List.of(begun.answer()) : List.of());
  }

  private GenerationRequest.Thought thought(String before) {
    GenerationRequest.Thought asked = request.options().thought();
    return new GenerationRequest.Thought(asked.effort(), asked.budget(), Optional.of(before));
  }

  /** With a seed each choice draws by another one. */
  static SamplingOptions seeded(SamplingOptions s, int choice) {
    Optional<Long> seed = s.seed().map(first -> first + choice);
    return new SamplingOptions(
        s.temperature(), s.topP(), s.topK(), s.minP(), s.penalties(), s.logitBias(), seed);
  }

  private void spend(Usage usage, long ticks) {
    used = used.plus(usage);
    prompts += usage.prompt() > 0 ? 1 : 0;
    costTicks += ticks;
  }

  /**
   * What was thought.
   *
   * @param whole whether it came to its own end
   */
  record Thought(String text, boolean whole) {}
}
