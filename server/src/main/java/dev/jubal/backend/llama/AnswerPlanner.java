package dev.jubal.backend.llama;

import dev.jubal.backend.llama.decision.CallDecider;
import dev.jubal.inference.AnswerFormat;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.llama.ModelInfo;
import dev.jubal.llama.template.ChatTemplate;

/** Plans answers, and knows which models choose by themselves whether to call. Thread-safe. */
public final class AnswerPlanner {
  /** Below so many weights a model follows the form of a call, but cannot tell when one is due. */
  private static final long CHOOSES_FROM = 1_000_000_000;

  private final Mode mode;
  private final Landing landing;
  private final CallDecider decider;

  /** Who decides whether to call a function when that is left open. */
  public enum Mode {
    /** The model from a thousand million weights on, else the decision beside it. */
    AUTO,
    /** The model. */
    MODEL,
    /** The decision beside the model. */
    BESIDE
  }

  /** Whether a schema's value that would be cut by a limit is brought to its end instead. */
  public enum Landing {
    /** For models of less than a thousand million weights, which often find no end. */
    AUTO,
    ON,
    OFF
  }

  public AnswerPlanner(Mode mode, Landing landing, CallDecider decider) {
    this.mode = mode;
    this.landing = landing;
    this.decider = decider;
  }

  AnswerPlan plan(GenerationRequest request, ChatTemplate template, ModelInfo info) {
    boolean beside =
        switch (mode) {
          case AUTO -> info.parameters() < CHOOSES_FROM;
          case MODEL -> false;
          case BESIDE -> true;
        };
    AnswerPlan plan =
        beside
            ? AnswerPlan.decided(request, template.family().syntax(), decider)
            : AnswerPlan.of(request, template.family().syntax());
    boolean lands =
        switch (landing) {
          case AUTO -> info.parameters() < CHOOSES_FROM;
          case ON -> true;
          case OFF -> false;
        };
    // what could not tell when one call is due cannot tell when a second one is
    boolean single = beside || !template.parallelCalls();
    AnswerPlan answer = (single ? plan.single() : plan).landing(lands);
    return thinking(request) ? answer.free() : answer;
  }

  private static boolean thinking(GenerationRequest request) {
    return request.options().format() instanceof AnswerFormat.Thought;
  }
}
