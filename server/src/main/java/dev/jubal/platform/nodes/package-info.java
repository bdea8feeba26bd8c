/**
 * The servers that share one database: each says that it lives, and finds those that no longer do.
 *
 * <p>Owns the table {@code node}. Knows nothing of what is taken over from a node that is gone.
 * Start at {@link Nodes}.
 */
@NullMarked
package dev.jubal.platform.nodes;

import org.jspecify.annotations.NullMarked;
