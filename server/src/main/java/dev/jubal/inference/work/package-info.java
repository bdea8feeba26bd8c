/**
 * Work that outlives its client: deferred completions, background responses, resumable streams.
 *
 * <p>Owns the rows of {@code work}; makes no answer itself, which the generator does. One work is
 * one request of the ledger over all its attempts. Start at {@link WorkQueue}, then {@code
 * DurableWork}.
 */
@NullMarked
package dev.jubal.inference.work;

import org.jspecify.annotations.NullMarked;
