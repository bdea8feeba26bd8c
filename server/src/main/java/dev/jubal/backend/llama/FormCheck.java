package dev.jubal.backend.llama;

import dev.jubal.inference.BackendFailure;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.SchemaPlace;
import dev.jubal.inference.Tools;
import dev.jubal.llama.CallSyntax;
import dev.jubal.llama.FormRefusal;
import dev.jubal.llama.OutputForm;
import dev.jubal.llama.constraint.FormCompiler;
import dev.jubal.llama.constraint.schema.SchemaOptions;
import java.util.List;

/**
 * Whether what a request wants can be enforced: compiles it without a vocabulary, which the worker
 * does again with its own. Compiled forms are kept. Thread-safe.
 */
final class FormCheck {
  private final FormCompiler compiler = new FormCompiler(SchemaOptions.DEFAULT);

  /**
   * Checks the format and the functions of a request.
   *
   * @throws BackendFailure.RejectedForm with the place, the value and what was expected
   */
  void check(GenerationRequest request, CallSyntax syntax) {
    OutputForm format = AnswerPlan.form(request.options().format());
    compile(format, List.of());
    Tools tools = request.options().tools();
    if (!tools.functions().isEmpty()) {
      // all of them, whatever may be called now: a schema must not fail only in the next turn
      Tools all = new Tools(tools.functions(), new Tools.Choice.Auto(), true);
      compile(AnswerPlan.of(request.withTools(all), syntax).form(), tools.functions());
    }
  }

  private void compile(OutputForm form, List<Tools.Function> functions) {
    if (form instanceof OutputForm.Text) {
      return;
    }
    try {
      compiler.compile(form);
    } catch (FormRefusal e) {
      throw new BackendFailure.RejectedForm(
          place(e, functions), e.pointer(), e.keyword(), message(e));
    }
  }

  private static SchemaPlace place(FormRefusal refusal, List<Tools.Function> functions) {
    for (int i = 0; i < functions.size(); i++) {
      if (refusal.function().filter(functions.get(i).name()::equals).isPresent()) {
        return new SchemaPlace.Parameters(i);
      }
    }
    return new SchemaPlace.Format();
  }

  private static String message(FormRefusal refusal) {
    String what = (refusal.keyword() + " " + refusal.value()).strip();
    return (what.isEmpty() ? "" : what + " ") + "(expected: " + refusal.expected() + ").";
  }
}
