/**
 * Whether to call a function, decided beside the model: a model of a few hundred million weights
 * follows the form of a call, but cannot tell when one is due.
 *
 * <p>Owns {@link dev.jubal.backend.llama.decision.CallDecider} and the weights it judges with,
 * which {@code ./jubal bench quality --fit} makes from labelled prompts. Must not know engines,
 * prompts or the wire. Start reading at {@code CallDecider}.
 */
@NullMarked
package dev.jubal.backend.llama.decision;

import org.jspecify.annotations.NullMarked;
