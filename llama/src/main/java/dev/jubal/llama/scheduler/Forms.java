package dev.jubal.llama.scheduler;

import dev.jubal.llama.OutputForm;
import dev.jubal.llama.constraint.Matcher;

/**
 * Compiles output forms for the vocabulary of one model. Thread-safe. May take milliseconds, which
 * is why the request's own thread asks and never the decode loop.
 */
@FunctionalInterface
interface Forms {
  /**
   * A matcher at the beginning of a form other than {@link OutputForm.Text}.
   *
   * @throws dev.jubal.llama.EngineFailure FORM_REFUSED if the form cannot be enforced
   */
  Matcher begin(OutputForm form);
}
