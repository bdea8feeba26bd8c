package dev.jubal.inference.reasoning;

import dev.jubal.inference.Backend;
import dev.jubal.inference.EventSink;
import dev.jubal.inference.ForwardingBackend;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.GenerationRequest.Begun;
import dev.jubal.inference.Prompt;
import dev.jubal.inference.Requester;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.platform.time.Cancellation;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Lets weights that do not think by themselves serve the names of reasoning models: a bounded
 * thought first, then the answer that goes on from it. To everyone outside it is one request of the
 * backend behind. Weights that think between tags go the same way, in their own words: so what is
 * asked of the answer, stop texts, schemas and its length, begins after the thought. Those that
 * think by themselves are told how much. Thread-safe.
 */
public final class TwoPass extends ForwardingBackend {
  private static final String NONE = "none";

  private final Backend next;
  private final ReasoningConfig config;

  public TwoPass(Backend next, ReasoningConfig config) {
    this.next = next;
    this.config = config;
  }

  @Override
  public void generate(
      GenerationRequest request,
      Model model,
      Requester requester,
      EventSink sink,
      Cancellation cancel) {
    if (request.options().begun().isEmpty()) {
      one(request, model, requester, sink, cancel);
    } else {
      new GoingOn(request, sink, cancel).run((rest, to) -> one(rest, model, requester, to, cancel));
    }
  }

  private void one(
      GenerationRequest request,
      Model model,
      Requester requester,
      EventSink sink,
      Cancellation cancel) {
    Weights.Thinking kind = next.weights(model).thinking();
    boolean own = kind != Weights.Thinking.NOT;
    int budget = asked(request, model) ? config.budget(request.options().thought(), own) : 0;
    if (kind != Weights.Thinking.ITSELF
        && budget > 0
        && request.prompt() instanceof Prompt.Conversation) {
      long context = next.weights(model).contextTokens();
      new TwoPassRun(request, words(kind), budget, context, sink, cancel)
          .run((pass, to, stop) -> next.generate(pass, model, requester, to, stop));
    } else {
      next.generate(
          kind != Weights.Thinking.ITSELF
              ? afterThought(request, sink)
              : budget > 0 ? bounded(request, budget) : request,
          model,
          requester,
          sink,
          cancel);
    }
  }

  /** A thought that was begun unasked, and told, is over: what is asked for is the answer. */
  private static GenerationRequest afterThought(GenerationRequest request, EventSink sink) {
    List<Begun> begun = request.options().begun();
    if (begun.isEmpty() || begun.getFirst().thought().text().isEmpty()) {
      return request;
    }
    Begun.Thinking thought = begun.getFirst().thought();
    if (!thought.whole()) {
      sink.accept(new GenerationEvent.ReasoningFinished(0));
    }
    GenerationRequest.Thought asked = request.options().thought();
    return request
        .withThought(
            new GenerationRequest.Thought(
                asked.effort(), asked.budget(), Optional.of(thought.text())))
        .withBegun(List.of(begun.getFirst().answer()));
  }

  private static TwoPassRun.Words words(Weights.Thinking kind) {
    return kind == Weights.Thinking.NOT ? TwoPassRun.Words.MADE : TwoPassRun.Words.OWN;
  }

  private static GenerationRequest bounded(GenerationRequest request, int budget) {
    Optional<String> effort = request.options().thought().effort();
    return request.withThought(new GenerationRequest.Thought(effort, OptionalInt.of(budget)));
  }

  /** Whether a name is one of a reasoning model, and the client did not turn that off. */
  static boolean asked(GenerationRequest request, Model model) {
    GenerationRequest.Thought thought = request.options().thought();
    return model.rules().reasoning()
        && !thought.effort().filter(NONE::equals).isPresent()
        && thought.budget().orElse(1) > 0;
  }

  @Override
  protected Backend next() {
    return next;
  }
}
