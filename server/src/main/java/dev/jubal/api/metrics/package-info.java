/**
 * {@code GET /metrics} on the main port, where it needs a key: the same text as on {@code
 * metrics.port}.
 *
 * <p>Start at {@link dev.jubal.platform.metrics.ServerMetrics}.
 */
@NullMarked
package dev.jubal.api.metrics;

import org.jspecify.annotations.NullMarked;
