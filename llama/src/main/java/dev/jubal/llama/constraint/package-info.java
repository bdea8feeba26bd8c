/**
 * Constrained decoding: an output form becomes an automaton over bytes, and that a mask over the
 * tokens of a vocabulary.
 *
 * <p>Must not know the engine, the scheduler or the wire. Start reading at {@code Matcher}.
 */
@NullMarked
package dev.jubal.llama.constraint;

import org.jspecify.annotations.NullMarked;
