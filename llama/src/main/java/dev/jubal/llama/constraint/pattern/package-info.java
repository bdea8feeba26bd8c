/**
 * The regular expressions of JSON Schema (ECMA-262) as automata.
 *
 * <p>Groups, classes, quantifiers, anchors anywhere and lookaheads; what no automaton can do (back
 * references) or would seldom do right (lookbehind, word boundaries) is refused. Must not know
 * schemas. Start reading at {@code Pattern}.
 */
@NullMarked
package dev.jubal.llama.constraint.pattern;

import org.jspecify.annotations.NullMarked;
