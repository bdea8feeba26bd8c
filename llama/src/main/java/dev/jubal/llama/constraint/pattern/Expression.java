package dev.jubal.llama.constraint.pattern;

import dev.jubal.llama.constraint.automaton.CharSet;
import java.util.List;

/** A regular expression, parsed. */
sealed interface Expression {
  /** One character. */
  record Chars(CharSet set) implements Expression {}

  /** One after the other; nothing if there are none. */
  record Sequence(List<Expression> parts) implements Expression {}

  /** One or the other, at least one. */
  record Choice(List<Expression> options) implements Expression {}

  /** So many times; {@code most} is -1 for any number. */
  record Repeat(Expression body, int least, int most) implements Expression {}

  /** The begin of the text. */
  record Begin() implements Expression {}

  /** The end of the text. */
  record End() implements Expression {}

  /** What follows must match, or with {@code negative} must not. */
  record Look(Expression ahead, boolean negative) implements Expression {}
}
