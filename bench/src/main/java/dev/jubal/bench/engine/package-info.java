/**
 * The engine bench: the embedded model through its worker process, and in turn with the reference
 * program when its source is at hand.
 *
 * <p>Owns the prompts, the rounds and what they mean. Knows nothing of HTTP or the server. Start
 * reading at {@code EngineBench}.
 */
@NullMarked
package dev.jubal.bench.engine;

import org.jspecify.annotations.NullMarked;
