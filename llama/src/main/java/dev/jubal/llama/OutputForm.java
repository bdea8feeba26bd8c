package dev.jubal.llama;

import java.util.List;
import java.util.Optional;

/**
 * What an answer must be, as text that both the server and a worker compile for themselves. Equal
 * forms compile to equal automata.
 */
public sealed interface OutputForm {

  /** Anything: no constraint. */
  record Text() implements OutputForm {}

  /** Any one JSON object. */
  record JsonObject() implements OutputForm {}

  /**
   * One JSON value that satisfies a schema.
   *
   * @param schema JSON Schema, draft 2020-12, as text
   */
  record JsonSchema(String schema) implements OutputForm {}

  /**
   * Calls of functions.
   *
   * @param syntax how the model family writes a call
   * @param functions those that may be called, at least one, names distinct
   * @param otherwise what may stand instead of, and as far as the syntax allows before, the calls;
   *     empty when at least one call must be made
   * @param parallel whether several calls may follow each other
   */
  record Calls(
      CallSyntax syntax, List<Function> functions, Optional<OutputForm> otherwise, boolean parallel)
      implements OutputForm {
    public Calls {
      functions = List.copyOf(functions);
    }
  }

  /**
   * A function that may be called.
   *
   * @param parameters JSON Schema of the arguments, as text
   */
  record Function(String name, String parameters) {}
}
