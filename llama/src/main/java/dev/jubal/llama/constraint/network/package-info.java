/**
 * Networks: states joined by bytes and by calls of other states, the pushdown automaton of a form.
 *
 * <p>A network knows no vocabulary and no schema. What follows it at run time lives in the package
 * above. Start reading at {@code Network}.
 */
@NullMarked
package dev.jubal.llama.constraint.network;

import org.jspecify.annotations.NullMarked;
