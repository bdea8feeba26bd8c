/**
 * The bench's command line.
 *
 * <p>Owns which suites run, where baselines lie and how the exit status follows from the targets.
 * Start reading at {@code Bench}; each suite has a package of its own.
 */
@NullMarked
package dev.jubal.bench;

import org.jspecify.annotations.NullMarked;
