package dev.jubal.backend.llama;

import dev.jubal.inference.BackendFailure;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.GenerationRequest.Begun;
import dev.jubal.llama.CallSyntax;
import dev.jubal.llama.OutputForm;
import dev.jubal.llama.Segment;
import java.util.ArrayList;
import java.util.List;

/**
 * What is written already of the one choice of an answer, in the words of the model: calls as its
 * family writes them, control tokens included, and the last one as far as it came.
 */
final class BegunText {
  private BegunText() {}

  /** Empty when nothing is written. */
  static List<Segment> of(GenerationRequest request, AnswerPlan plan) {
    List<Begun> begun = request.options().begun();
    List<Segment> all = new ArrayList<>();
    boolean called = false;
    for (Begun.Piece piece : begun.isEmpty() ? List.<Begun.Piece>of() : begun.getFirst().pieces()) {
      switch (piece) {
        case Begun.Piece.Text t -> all.add(new Segment(t.text(), false));
        case Begun.Piece.Call c -> {
          CallSyntax syntax = syntax(plan);
          all.addAll(called ? syntax.between() : syntax.opening());
          all.addAll(syntax.beforeName());
          all.add(new Segment(c.call().name(), false));
          all.addAll(syntax.beforeArguments());
          all.add(new Segment(c.call().arguments(), false));
          all.addAll(c.whole() ? syntax.afterArguments() : List.of());
          called = true;
        }
      }
    }
    return all;
  }

  private static CallSyntax syntax(AnswerPlan plan) {
    if (plan.form() instanceof OutputForm.Calls calls) {
      return calls.syntax();
    }
    throw new BackendFailure.Broken(
        "A call was begun, and the weights that go on with the answer make none.");
  }
}
