/**
 * The embedded engine: words the rest of Jubal speaks with it.
 *
 * <p>Owns {@link dev.jubal.llama.Engine} and the values it takes and gives. Knows nothing of HTTP,
 * keys, prices or any wire dialect. Start reading at {@code Engine}; {@code scheduler} runs it
 * inside this process, {@code worker} in a supervised process of its own.
 */
@NullMarked
package dev.jubal.llama;

import org.jspecify.annotations.NullMarked;
