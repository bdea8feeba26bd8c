/**
 * Time and its limits: clocks that tests can set, cancellation, deadlines.
 *
 * <p>Knows nothing of HTTP or models. Start at {@link Cancellation}.
 */
@NullMarked
package dev.jubal.platform.time;

import org.jspecify.annotations.NullMarked;
