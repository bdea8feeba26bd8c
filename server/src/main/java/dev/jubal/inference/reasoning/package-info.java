/**
 * What models think before they answer: sealed for the client that keeps it.
 *
 * <p>Must not know a wire format or a particular backend. Start at {@link
 * dev.jubal.inference.reasoning.ThoughtSeal}.
 */
@NullMarked
package dev.jubal.inference.reasoning;

import org.jspecify.annotations.NullMarked;
