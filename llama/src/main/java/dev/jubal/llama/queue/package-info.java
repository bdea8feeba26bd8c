/**
 * Whose turn it is when more requests wait than slots are free.
 *
 * <p>Owns the order (by team, key and end user, after what each has used), who makes room in a full
 * queue, and the estimate of how long a wait lasts. Must not know of prompts, tokens, models or
 * processes: it orders whatever has a {@link dev.jubal.llama.Share}. Nothing here is thread-safe or
 * reads a clock; the callers bring both. Start reading at {@link dev.jubal.llama.queue.Turns}.
 */
@NullMarked
package dev.jubal.llama.queue;

import org.jspecify.annotations.NullMarked;
