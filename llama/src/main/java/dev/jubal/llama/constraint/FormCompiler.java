package dev.jubal.llama.constraint;

import dev.jubal.llama.FormRefusal;
import dev.jubal.llama.OutputForm;
import dev.jubal.llama.constraint.automaton.Budget;
import dev.jubal.llama.constraint.automaton.Leaf;
import dev.jubal.llama.constraint.automaton.TextLeaves;
import dev.jubal.llama.constraint.network.EndlessRecursion;
import dev.jubal.llama.constraint.network.Network;
import dev.jubal.llama.constraint.network.NetworkBuilder;
import dev.jubal.llama.constraint.schema.SchemaCompiler;
import dev.jubal.llama.constraint.schema.SchemaOptions;
import dev.jubal.llama.constraint.schema.SharedLeaves;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * Compiles output forms. Thread-safe. Forms that mean the same are compiled once and kept, the
 * least recently used dropped when they hold too much memory; parts they have in common are shared.
 */
public final class FormCompiler {
  private static final long STEPS = 60_000_000;
  private static final long BYTES = 48 << 20;

  /** A hostile form takes up to twice {@link #BYTES} on its way to a refusal. */
  private static final int AT_ONCE = 2;

  private final Semaphore atOnce = new Semaphore(AT_ONCE);
  private final SharedLeaves leaves = new SharedLeaves();
  private final FormCache cache = new FormCache();
  private final SchemaOptions options;

  public FormCompiler(SchemaOptions options) {
    this.options = options;
  }

  /**
   * Compiles a form. Takes milliseconds, and the calling thread; not for a decode thread.
   *
   * @throws FormRefusal if it cannot be enforced: the keyword, its value and what was expected
   */
  public CompiledForm compile(OutputForm form) {
    OutputForm canonical = canonical(form);
    return cache.get(canonical, () -> alone(canonical));
  }

  private CompiledForm alone(OutputForm form) {
    atOnce.acquireUninterruptibly();
    try {
      return make(form);
    } finally {
      atOnce.release();
    }
  }

  /** The form with the text of its schemas brought into one spelling. */
  private static OutputForm canonical(OutputForm form) {
    return switch (form) {
      case OutputForm.Text _, OutputForm.JsonObject _ -> form;
      case OutputForm.JsonSchema schema ->
          new OutputForm.JsonSchema(SchemaCompiler.canonical(schema.schema()));
      case OutputForm.Calls calls ->
          new OutputForm.Calls(
              calls.syntax(),
              calls.functions().stream().map(FormCompiler::canonical).toList(),
              calls.otherwise().map(FormCompiler::canonical),
              calls.parallel());
    };
  }

  private static OutputForm.Function canonical(OutputForm.Function function) {
    try {
      return new OutputForm.Function(
          function.name(), SchemaCompiler.canonical(function.parameters()));
    } catch (FormRefusal e) {
      throw e.of(function.name());
    }
  }

  private CompiledForm make(OutputForm form) {
    Budget budget = new Budget(STEPS, BYTES);
    NetworkBuilder network = new NetworkBuilder(budget);
    SchemaCompiler values = new SchemaCompiler(network, budget, leaves, options);
    try {
      CompiledForm compiled =
          form instanceof OutputForm.Calls calls
              ? calls(calls, network, values)
              : new CompiledForm(network.build(rule(form, network, values)));
      if (!compiled.satisfiable()) {
        throw new FormRefusal("", "", "", "a schema that some value satisfies");
      }
      compiled.checkEnough();
      return compiled;
    } catch (EndlessRecursion e) {
      throw new FormRefusal("", "$ref", "", String.valueOf(e.getMessage()));
    } catch (Budget.Exceeded e) {
      throw new FormRefusal("", "", "", String.valueOf(e.getMessage()));
    }
  }

  private static int rule(OutputForm form, NetworkBuilder network, SchemaCompiler values) {
    return switch (form) {
      case OutputForm.Text _ -> {
        int rule = network.state(Network.OUTSIDE);
        network.leaf(rule, TextLeaves.any(), network.state(Network.FINAL | Network.OUTSIDE));
        yield rule;
      }
      case OutputForm.JsonObject _ -> values.anyObject();
      case OutputForm.JsonSchema schema -> values.schema(schema.schema(), false);
      case OutputForm.Calls _ ->
          throw new IllegalArgumentException("otherwise: calls (expected: text or JSON)");
    };
  }

  private static CompiledForm calls(
      OutputForm.Calls calls, NetworkBuilder network, SchemaCompiler values) {
    List<Integer> arguments = new ArrayList<>();
    for (OutputForm.Function function : calls.functions()) {
      try {
        arguments.add(values.schema(function.parameters(), true));
      } catch (FormRefusal e) {
        throw e.of(function.name());
      }
    }
    Network rules = network.build(arguments.getFirst());
    for (int i = 0; i < arguments.size(); i++) {
      if (rules.distance(arguments.get(i)) >= Leaf.FAR) {
        throw new FormRefusal("", "", "", "a schema that some object satisfies")
            .of(calls.functions().get(i).name());
      }
    }
    boolean json =
        calls.otherwise().isPresent() && !(calls.otherwise().get() instanceof OutputForm.Text);
    int otherwise = json ? rule(calls.otherwise().orElseThrow(), network, values) : -1;
    return new CompiledForm(network, calls, arguments, otherwise);
  }
}
