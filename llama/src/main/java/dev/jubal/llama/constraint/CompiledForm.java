package dev.jubal.llama.constraint;

import dev.jubal.llama.FormRefusal;
import dev.jubal.llama.OutputForm;
import dev.jubal.llama.constraint.automaton.Budget;
import dev.jubal.llama.constraint.network.Network;
import dev.jubal.llama.constraint.network.NetworkBuilder;
import dev.jubal.llama.constraint.schema.SchemaOptions;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An output form as an automaton, for any vocabulary. Immutable and thread-safe.
 *
 * <p>What it costs is bounded: some 40 MB and a second at the very most, whatever the schema.
 */
public final class CompiledForm {
  private static final long CALL_STEPS = 20_000_000;
  private static final long CALL_BYTES = 32 << 20;

  private final Network network;
  private final @Nullable Frame frame;

  /** How to write calls around the rules of their arguments once the control tokens are known. */
  private record Frame(
      NetworkBuilder rules, OutputForm.Calls calls, List<Integer> arguments, int otherwise) {

    Network write(Function<String, Optional<byte[]>> special) {
      Budget budget = new Budget(CALL_STEPS, CALL_BYTES);
      NetworkBuilder network = new NetworkBuilder(rules, budget);
      int root = new CallsWriter(network, calls, special).write(arguments, otherwise);
      return network.build(root);
    }
  }

  CompiledForm(Network network) {
    this.network = network;
    this.frame = null;
  }

  CompiledForm(
      NetworkBuilder rules, OutputForm.Calls calls, List<Integer> arguments, int otherwise) {
    Frame of = new Frame(rules, calls, arguments, otherwise);
    this.network = of.write(name -> Optional.empty());
    this.frame = of;
  }

  /**
   * Compiles a form without any cache; servers use one {@link FormCompiler}.
   *
   * @throws FormRefusal if it cannot be enforced
   */
  public static CompiledForm compile(OutputForm form) {
    return new FormCompiler(SchemaOptions.DEFAULT).compile(form);
  }

  /**
   * A matcher at the begin of a choice.
   *
   * @throws FormRefusal if no sequence of this vocabulary's tokens meets the form
   */
  public Matcher matcher(Vocab vocab) {
    Machine machine = vocab.machine(this);
    if (!machine.network().satisfiable()) {
      throw new FormRefusal("", "", "", "a form that the tokens of this model can spell");
    }
    return new FormMatcher(machine);
  }

  /** Memory held for one vocabulary, masks included; parts shared with other forms not counted. */
  public long bytes(Vocab vocab) {
    return vocab.machine(this).bytes();
  }

  /** How many masks were put together for a vocabulary so far, rather than found. */
  public long maskBuilds(Vocab vocab) {
    return vocab.machine(this).maskBuilds();
  }

  Network network(Vocab vocab) {
    return frame == null ? network : frame.write(vocab::special);
  }

  boolean satisfiable() {
    return network.satisfiable();
  }

  /**
   * @throws FormRefusal if there are fewer different items than an array must have
   */
  void checkEnough() {
    Enough.check(network);
  }

  /** Memory held, leaves shared with other forms not counted. */
  public long bytes() {
    return network.bytes() * (frame == null ? 1 : 3);
  }
}
