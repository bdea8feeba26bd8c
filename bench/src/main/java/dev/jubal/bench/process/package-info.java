/**
 * Processes the bench starts and ends, and what the system says of them.
 *
 * <p>Everything started here ends by its own id, at the latest with this JVM. Figures come from
 * {@code /proc}, so the bench runs on Linux. Knows nothing of what is measured. Start reading at
 * {@code Child}.
 */
@NullMarked
package dev.jubal.bench.process;

import org.jspecify.annotations.NullMarked;
