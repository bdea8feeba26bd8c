/**
 * What models think before they answer: a thought for weights that do not think by themselves, how
 * long a thought may be, and thoughts sealed for the client that keeps them.
 *
 * <p>Must not know a wire format or a particular backend. Start at {@link
 * dev.jubal.inference.reasoning.TwoPass}.
 */
@NullMarked
package dev.jubal.inference.reasoning;

import org.jspecify.annotations.NullMarked;
