/**
 * Constrained decoding: an output form becomes an automaton over bytes, and that a mask over the
 * tokens of a vocabulary.
 *
 * <p>{@code FormCompiler} turns a form into a {@code CompiledForm} without any vocabulary; bound to
 * a {@code Vocab} that gives a {@code Matcher} for each choice. Must not know the engine, the
 * scheduler or the wire. Start reading at {@code Matcher}, then {@code Machine}.
 */
@NullMarked
package dev.jubal.llama.constraint;

import org.jspecify.annotations.NullMarked;
