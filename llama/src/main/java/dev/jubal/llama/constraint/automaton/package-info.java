/**
 * Finite automata over characters and over the bytes that JSON writes them as.
 *
 * <p>Everything that may grow is charged to a {@link dev.jubal.llama.constraint.automaton.Budget},
 * so that a hostile pattern ends in an exception after a known amount of work, on any machine. Must
 * not know patterns, schemas or tokens. Start reading at {@code CharDfa}, then {@code ByteDfa}.
 */
@NullMarked
package dev.jubal.llama.constraint.automaton;

import org.jspecify.annotations.NullMarked;
