package dev.jubal.llama.constraint;

import dev.jubal.llama.constraint.automaton.IntList;
import dev.jubal.llama.constraint.automaton.Leaf;

/** What a leaf alone lets a vocabulary do from each of its states. Thread-safe. */
interface LeafMasks {
  /** The leaf, bound to the vocabulary. */
  Leaf leaf();

  /**
   * Adds the tokens that stay in the leaf or end with it.
   *
   * @param exits receives the nodes of the trie at which the leaf can end with more to follow
   */
  void add(int state, long[] bits, IntList exits);

  /** Memory held. */
  long bytes();
}
