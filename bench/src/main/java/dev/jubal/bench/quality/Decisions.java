package dev.jubal.bench.quality;

import dev.jubal.backend.llama.decision.CallDecider;
import dev.jubal.backend.llama.decision.Verdict;
import dev.jubal.bench.report.Report;
import dev.jubal.inference.Item;
import dev.jubal.inference.Role;
import java.util.List;

/** Precision and recall of the decision to call, on the prompts it was not fitted to. */
final class Decisions {
  private Decisions() {}

  static void measure(Report report, List<Labelled> prompts, CallDecider decider) {
    int due = 0;
    int made = 0;
    int both = 0;
    int right = 0;
    int count = 0;
    for (Labelled prompt : prompts) {
      if (!prompt.heldOut()) {
        continue;
      }
      count++;
      Verdict verdict =
          decider.decide(
              List.of(Item.Message.text(Role.USER, prompt.prompt())), prompt.functions());
      due += prompt.call().isPresent() ? 1 : 0;
      made += verdict.calls() ? 1 : 0;
      if (verdict.calls() != prompt.call().isPresent()) {
        System.err.println(
            "  " + (verdict.calls() ? "needless call: " : "missed call: ") + prompt.prompt());
      } else if (verdict.calls()) {
        both++;
        String wanted = prompt.call().orElseThrow();
        right += verdict.functions().stream().anyMatch(f -> f.name().equals(wanted)) ? 1 : 0;
      }
    }
    report.fact("decisions_prompts", count, "prompts");
    report.atLeast("decisions_precision", (double) both / made, "share", 0.85);
    report.atLeast("decisions_recall", (double) both / due, "share", 0.85);
    report.higher("decisions_function_offered", (double) right / both, "share");
  }
}
