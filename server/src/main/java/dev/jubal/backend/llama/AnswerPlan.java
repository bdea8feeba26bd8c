package dev.jubal.backend.llama;

import dev.jubal.backend.llama.decision.CallDecider;
import dev.jubal.backend.llama.decision.Verdict;
import dev.jubal.inference.AnswerFormat;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.Item;
import dev.jubal.inference.Prompt;
import dev.jubal.inference.Tools;
import dev.jubal.llama.CallSyntax;
import dev.jubal.llama.OutputForm;
import dev.jubal.llama.Segment;
import dev.jubal.llama.template.calls.Family;
import dev.jubal.llama.template.calls.ThoughtTags;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What the answer to a request has to be.
 *
 * @param offered the functions the prompt tells of; fewer than asked when the decision was made
 *     beside the model
 * @param form what the engine makes of it
 * @param landing whether a value is brought to its end when tokens run out or the model circles,
 *     and a text of weights that find none
 */
record AnswerPlan(Tools offered, OutputForm form, boolean landing) {
  AnswerPlan(Tools offered, OutputForm form) {
    this(offered, form, false);
  }

  /**
   * What reads the text of each choice.
   *
   * @param tags between which a thought may stand before the answer
   * @param begun what was read before of the one choice that there is then; empty for nothing
   */
  List<ChoiceEvents> readers(int choices, Optional<ThoughtTags> tags, List<Segment> begun) {
    List<ChoiceEvents> readers = readers(choices, tags);
    if (!begun.isEmpty()) {
      readers.getFirst().text(Family.text(begun), 0, List.of());
    }
    return readers;
  }

  private List<ChoiceEvents> readers(int choices, Optional<ThoughtTags> tags) {
    Optional<CallSyntax> syntax =
        form instanceof OutputForm.Calls calls ? Optional.of(calls.syntax()) : Optional.empty();
    return IntStream.range(0, choices).mapToObj(i -> new ChoiceEvents(i, tags, syntax)).toList();
  }

  /** The same, with at most one call. */
  AnswerPlan single() {
    return form instanceof OutputForm.Calls c
        ? new AnswerPlan(
            offered, new OutputForm.Calls(c.syntax(), c.functions(), c.otherwise(), false), landing)
        : this;
  }

  /** The same prompt for any text at all. */
  AnswerPlan free() {
    return new AnswerPlan(offered, new OutputForm.Text());
  }

  AnswerPlan landing(boolean wanted) {
    return new AnswerPlan(offered, form, wanted);
  }

  /** The plan that leaves every choice to the model. */
  static AnswerPlan of(GenerationRequest request, CallSyntax syntax) {
    Tools tools = request.options().tools();
    OutputForm text = form(request.options().format());
    if (!tools.callable()) {
      return new AnswerPlan(tools, text);
    }
    return switch (tools.choice()) {
      case Tools.Choice.None _ -> new AnswerPlan(tools, text);
      case Tools.Choice.Auto _ -> new AnswerPlan(tools, calls(syntax, tools, Optional.of(text)));
      case Tools.Choice.Required _ -> new AnswerPlan(tools, calls(syntax, tools, Optional.empty()));
      case Tools.Choice.Named n -> {
        Tools only = with(tools, tools.functions().stream().filter(f -> named(f, n)).toList());
        yield new AnswerPlan(tools, calls(syntax, only, Optional.empty()));
      }
    };
  }

  /** The plan for a model that cannot choose: calls of what fits, or text and no functions. */
  static AnswerPlan decided(GenerationRequest request, CallSyntax syntax, CallDecider decider) {
    Tools tools = request.options().tools();
    if (!tools.callable() || !(request.prompt() instanceof Prompt.Conversation conversation)) {
      return of(request, syntax);
    }
    List<Item> items = conversation.items();
    return switch (tools.choice()) {
      case Tools.Choice.None _, Tools.Choice.Named _ -> of(request, syntax);
      case Tools.Choice.Required _ ->
          must(syntax, with(tools, decider.fitting(items, tools.functions())));
      case Tools.Choice.Auto _ -> {
        Verdict verdict = decider.decide(items, tools.functions());
        yield verdict.calls()
            ? must(syntax, with(tools, verdict.functions()))
            : new AnswerPlan(Tools.NONE, form(request.options().format()));
      }
    };
  }

  private static AnswerPlan must(CallSyntax syntax, Tools tools) {
    return new AnswerPlan(tools, calls(syntax, tools, Optional.empty()));
  }

  private static boolean named(Tools.Function function, Tools.Choice.Named choice) {
    return function.name().equals(choice.name());
  }

  private static Tools with(Tools tools, List<Tools.Function> functions) {
    return new Tools(functions, tools.choice(), tools.parallel());
  }

  private static OutputForm calls(CallSyntax syntax, Tools tools, Optional<OutputForm> otherwise) {
    List<OutputForm.Function> functions =
        tools.functions().stream()
            .map(f -> new OutputForm.Function(f.name(), f.parameters()))
            .toList();
    return new OutputForm.Calls(syntax, functions, otherwise, tools.parallel());
  }

  static OutputForm form(AnswerFormat format) {
    return switch (format) {
      case AnswerFormat.Text _, AnswerFormat.Thought _ -> new OutputForm.Text();
      case AnswerFormat.JsonObject _ -> new OutputForm.JsonObject();
      case AnswerFormat.JsonSchema s -> new OutputForm.JsonSchema(s.schema());
    };
  }
}
