/**
 * Metrics: one registry, read by Prometheus.
 *
 * <p>Owns the names and the bounds of what is counted. Labels are endpoints, methods, statuses and
 * names of the catalogue, never what a client sends. Start at {@link ServerMetrics}.
 */
@NullMarked
package dev.jubal.platform.metrics;

import org.jspecify.annotations.NullMarked;
