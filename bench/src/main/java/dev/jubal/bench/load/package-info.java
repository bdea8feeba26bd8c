/**
 * The load generator, a process of its own: one thread, one selector, plain HTTP/1.1 to 127.0.0.1.
 *
 * <p>It is told what to do line by line on standard input and answers each {@link
 * dev.jubal.bench.load.LoadOrder} with a {@link dev.jubal.bench.load.LoadResult}. Every run is
 * bounded in requests and time. Knows nothing of the server but its wire. Start reading at {@code
 * LoadMain}.
 */
@NullMarked
package dev.jubal.bench.load;

import org.jspecify.annotations.NullMarked;
