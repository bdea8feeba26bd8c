package dev.jubal.llama.constraint.automaton;

import java.util.BitSet;

/**
 * A deterministic automaton over bytes that stands for one run of text inside a larger form, such
 * as a string. States are ints of the leaf's own choosing. Immutable and shared between forms.
 */
public interface Leaf {
  /** More bytes than any text has. */
  int FAR = 1 << 28;

  int start();

  /** The state after a byte of 0 to 255, or -1. From every state acceptance can be reached. */
  int next(int state, int octet);

  /** Whether the text may end here. */
  boolean accepts(int state);

  /** Whether the text may go on here. */
  boolean continues(int state);

  /** Least number of bytes to acceptance; {@link #FAR} if there is no way. */
  int distance(int state);

  /**
   * How many texts may follow from here, or some lower number: tells whether a text that must
   * differ from some others can be found. {@link #FAR} where no token can change that.
   */
  int texts(int state);

  /** The same without the transitions on bytes that are not in a set; itself if none is lost. */
  Leaf within(BitSet octets);

  /** Memory held. */
  long bytes();
}
