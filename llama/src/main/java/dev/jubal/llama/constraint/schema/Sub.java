package dev.jubal.llama.constraint.schema;

import dev.jubal.llama.constraint.automaton.IntKey;
import dev.jubal.llama.constraint.document.Node;
import java.util.ArrayList;
import java.util.List;

/**
 * A subschema as a conjunction: nodes of the schema that must hold, or must not. Nothing in it
 * means that everything is allowed.
 */
record Sub(List<Term> terms) {
  /**
   * @param negated whether the node must not hold
   */
  record Term(Node node, boolean negated) {}

  static final Sub TRUE = new Sub(List.of());
  static final Sub FALSE = of(Node.FALSE);

  static Sub of(Node node) {
    return new Sub(List.of(new Term(node, false)));
  }

  static Sub not(Node node) {
    return new Sub(List.of(new Term(node, true)));
  }

  Sub and(Sub other) {
    if (other.terms.isEmpty()) {
      return this;
    }
    if (terms.isEmpty()) {
      return other;
    }
    List<Term> joint = new ArrayList<>(terms);
    for (Term term : other.terms) {
      boolean known = false;
      for (Term own : terms) {
        known |=
            own.negated == term.negated
                && (own.node == term.node
                    || (own.node.parent != null
                        && term.node.parent != null
                        && own.node.shape() == term.node.shape()));
      }
      if (!known) {
        joint.add(term);
      }
    }
    return joint.size() == terms.size() ? this : new Sub(joint);
  }

  /** Whether nothing is allowed, plainly. */
  boolean isFalse() {
    for (Term term : terms) {
      if (term.negated ? term.node.isTrue() : term.node.isFalse()) {
        return true;
      }
    }
    return false;
  }

  /** Equal for conjunctions of nodes that are written alike. */
  IntKey key() {
    int[] key = new int[terms.size()];
    for (int i = 0; i < key.length; i++) {
      Term term = terms.get(i);
      int shape =
          term.node == Node.TRUE ? -2 : term.node == Node.FALSE ? -4 : term.node.shape() * 2;
      key[i] = shape + (term.negated ? 1 : 0);
    }
    return new IntKey(key);
  }
}
