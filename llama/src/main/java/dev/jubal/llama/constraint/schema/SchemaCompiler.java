package dev.jubal.llama.constraint.schema;

import dev.jubal.llama.FormRefusal;
import dev.jubal.llama.constraint.automaton.Budget;
import dev.jubal.llama.constraint.document.Node;
import dev.jubal.llama.constraint.document.NodeReader;
import dev.jubal.llama.constraint.document.References;
import dev.jubal.llama.constraint.network.NetworkBuilder;

/** Writes JSON values into a network, each as a rule. One for each form; owned by one thread. */
public final class SchemaCompiler {
  private final NetworkBuilder network;
  private final Budget budget;
  private final SharedLeaves shared;
  private final SchemaOptions options;

  public SchemaCompiler(
      NetworkBuilder network, Budget budget, SharedLeaves shared, SchemaOptions options) {
    this.network = network;
    this.budget = budget;
    this.shared = shared;
    this.options = options;
  }

  /**
   * The rule of the values that satisfy a schema.
   *
   * @param schema JSON Schema, draft 2020-12
   * @param objectsOnly whether only objects are wanted
   * @throws FormRefusal if something in it cannot be enforced
   */
  public int schema(String schema, boolean objectsOnly) {
    Node root = NodeReader.read(schema);
    budget.steps(schema.length());
    try {
      Spreading spreading = new Spreading(new References(root), budget);
      ValueWriter writer = new ValueWriter(network, budget, spreading, shared, options);
      return objectsOnly ? writer.objectRule(Sub.of(root)) : writer.rule(Sub.of(root));
    } catch (Budget.Exceeded e) {
      throw new FormRefusal("", "", "", String.valueOf(e.getMessage()));
    } catch (StackOverflowError e) {
      throw new FormRefusal("", "", "", "a schema that is nested less deeply");
    }
  }

  /** The rule of any JSON object. */
  public int anyObject() {
    return new AnyWriter(network, new Strings(shared, budget), new Numbers(shared, budget))
        .object();
  }

  /** A schema's text without what does not matter: equal texts have equal meaning. */
  public static String canonical(String schema) {
    return NodeReader.read(schema).written();
  }
}
