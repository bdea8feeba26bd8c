package dev.jubal.bench;

import dev.jubal.bench.engine.FairnessCommand;
import dev.jubal.bench.layer.LayerSuite;
import dev.jubal.bench.ledger.LedgerSuite;
import dev.jubal.bench.quality.QualityCommand;
import dev.jubal.bench.reference.ReferenceCommand;
import dev.jubal.bench.schema.SchemaBench;
import java.util.Map;

/**
 * Suites that have a command line of their own. A new one is a line in {@link #PROGRAMS} and a word
 * in {@link #NAMES}; it ends the JVM with its exit status.
 */
final class Suites {
  /** For the help text, which only takes constants. */
  static final String NAMES = "ledger, layer, reference, schemas, fairness, quality";

  private static final Map<String, Program> PROGRAMS =
      Map.ofEntries(
          Map.entry("fairness", FairnessCommand::main),
          Map.entry("layer", LayerSuite::main),
          Map.entry("ledger", LedgerSuite::main),
          Map.entry("quality", QualityCommand::main),
          Map.entry("reference", ReferenceCommand::main),
          Map.entry("schemas", SchemaBench::main));

  private Suites() {}

  /** A main method. */
  interface Program {
    void main(String[] arguments) throws Exception;
  }

  static boolean has(String name) {
    return PROGRAMS.containsKey(name);
  }

  static void run(String name, String[] arguments) throws Exception {
    Program program = PROGRAMS.get(name);
    if (program == null) {
      throw new IllegalArgumentException("suite: " + name + " (expected: one of " + NAMES + ")");
    }
    program.main(arguments);
  }
}
