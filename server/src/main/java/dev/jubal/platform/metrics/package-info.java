/**
 * Metrics: one registry, read by Prometheus.
 *
 * <p>Owns the names and the bounds of what is counted. Labels are endpoints, methods, statuses,
 * names of the catalogue and teams, never what a client sends and never an end user. Start at
 * {@link ServerMetrics}.
 */
@NullMarked
package dev.jubal.platform.metrics;

import org.jspecify.annotations.NullMarked;
