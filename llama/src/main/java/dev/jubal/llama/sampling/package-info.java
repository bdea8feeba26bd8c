/**
 * Which token comes next: cuts, scales and draws over one row of logits in native memory, with the
 * Vector API and without allocating.
 *
 * <p>Owns the order of the steps that {@link dev.jubal.llama.Sampling} promises. Must not know of
 * slots, requests, text or output forms: of a form it sees the mask of legal tokens. Start reading
 * at {@link dev.jubal.llama.sampling.Sampler}.
 */
@NullMarked
package dev.jubal.llama.sampling;

import org.jspecify.annotations.NullMarked;
