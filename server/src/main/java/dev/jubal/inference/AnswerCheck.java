package dev.jubal.inference;

import dev.jubal.inference.GenerationEvent.FinishReason;
import dev.jubal.inference.validation.SchemaValidator;
import dev.jubal.inference.validation.SchemaValidator.Fault;
import java.util.List;
import java.util.Optional;

/**
 * Holds finished answers against what their request asked of them: its format, and the parameters
 * of the functions they call. What was cut, by length or by a stop text, is not held against
 * anything.
 */
final class AnswerCheck {
  private static final String NO_CALL = "no_call";
  private static final String UNKNOWN_FUNCTION = "unknown_function";
  private static final String SEVERAL_CALLS = "several_calls";

  private final GenerationRequest request;
  private final SchemaValidator validator;

  AnswerCheck(GenerationRequest request, SchemaValidator validator) {
    this.request = request;
    this.validator = validator;
  }

  /**
   * What is wrong with a choice.
   *
   * @param cause one of few words, for counting
   * @param message for the model, and for the client in the end
   */
  record Flaw(AnswerRecorder.Choice choice, String cause, String message) {}

  /** Whether a request asks for anything that could be checked. */
  static boolean asked(GenerationRequest request) {
    return !(request.options().format() instanceof AnswerFormat.Text)
        || request.options().tools().callable();
  }

  /**
   * Looks at the schemas of a request themselves.
   *
   * @throws BackendFailure.RejectedForm for the first that is none
   */
  void refuseBadSchemas() {
    if (request.options().format() instanceof AnswerFormat.JsonSchema format) {
      refuse(format.schema(), new SchemaPlace.Format());
    }
    List<Tools.Function> functions = request.options().tools().functions();
    for (int i = 0; i < functions.size(); i++) {
      refuse(functions.get(i).parameters(), new SchemaPlace.Parameters(i));
    }
  }

  private void refuse(String schema, SchemaPlace place) {
    Optional<Fault> fault = validator.faultOfSchema(schema);
    if (fault.isPresent()) {
      Fault f = fault.get();
      throw new BackendFailure.RejectedForm(
          place, f.pointer(), f.cause(), f.message() + " (expected: JSON Schema, draft 2020-12).");
    }
  }

  /** The first thing that is wrong with an answer. */
  Optional<Flaw> flaw(AnswerRecorder answer) {
    return answer.choices().stream().flatMap(c -> flaw(c).stream()).findFirst();
  }

  private Optional<Flaw> flaw(AnswerRecorder.Choice choice) {
    Optional<Flaw> call =
        choice.calls().stream().flatMap(c -> flaw(choice, c).stream()).findFirst();
    if (call.isPresent()) {
      return call;
    }
    Tools tools = request.options().tools();
    int calls = choice.calls().size();
    if (calls > 1 && !tools.parallel()) {
      return Optional.of(
          new Flaw(choice, SEVERAL_CALLS, calls + " functions were called (expected: one)"));
    }
    boolean cut = choice.stopped() || !choice.reason().equals(Optional.of(FinishReason.STOP));
    if (calls > 0 || cut) {
      return Optional.empty();
    }
    if (tools.callable() && !(tools.choice() instanceof Tools.Choice.Auto)) {
      return Optional.of(
          new Flaw(choice, NO_CALL, "no function was called (expected: at least one call)"));
    }
    return format(choice.text()).map(f -> flaw(choice, "the answer", f));
  }

  private Optional<Fault> format(String text) {
    return switch (request.options().format()) {
      case AnswerFormat.Text _, AnswerFormat.Thought _ -> Optional.empty();
      case AnswerFormat.JsonObject _ -> validator.faultOfObject(text);
      case AnswerFormat.JsonSchema f -> validator.faultOf(text, f.schema());
    };
  }

  private Optional<Flaw> flaw(AnswerRecorder.Choice choice, Item.FunctionCall call) {
    Tools tools = request.options().tools();
    boolean allowed =
        !(tools.choice() instanceof Tools.Choice.Named named) || named.name().equals(call.name());
    Optional<Tools.Function> function =
        tools.functions().stream().filter(f -> allowed && f.name().equals(call.name())).findFirst();
    if (function.isEmpty()) {
      String message = "the function " + call.name() + " was called, which was not offered";
      return Optional.of(new Flaw(choice, UNKNOWN_FUNCTION, message));
    }
    return validator
        .faultOf(call.arguments(), function.get().parameters())
        .map(f -> flaw(choice, "the arguments of " + call.name(), f));
  }

  private static Flaw flaw(AnswerRecorder.Choice choice, String what, Fault fault) {
    String at = fault.pointer().isEmpty() ? what : what + " at " + fault.pointer();
    return new Flaw(choice, fault.cause(), at + ": " + fault.message());
  }
}
