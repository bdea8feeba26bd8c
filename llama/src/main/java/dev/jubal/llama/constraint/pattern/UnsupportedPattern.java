package dev.jubal.llama.constraint.pattern;

/** A pattern that is wrong or beyond an automaton. The message says what would be taken. */
public final class UnsupportedPattern extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnsupportedPattern(String expected) {
    super(expected, null, false, false);
  }
}
