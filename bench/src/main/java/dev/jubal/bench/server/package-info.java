/**
 * The server bench: a real server process with everything on, over the scripted backend, measured
 * in turn with a bare handler that writes the same bytes.
 *
 * <p>Owns the scenarios and what they mean; the load itself comes from {@code load}. Start reading
 * at {@code ServerBench}.
 */
@NullMarked
package dev.jubal.bench.server;

import org.jspecify.annotations.NullMarked;
