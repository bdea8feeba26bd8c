package dev.jubal.backend.llama.decision;

import dev.jubal.inference.Tools;
import java.util.List;

/**
 * What was decided.
 *
 * @param functions those that fit, best first; empty when none is to be called
 * @param score above 0 for a call; the logarithm of the odds
 */
public record Verdict(List<Tools.Function> functions, double score) {
  public Verdict {
    functions = List.copyOf(functions);
  }

  public boolean calls() {
    return !functions.isEmpty();
  }
}
