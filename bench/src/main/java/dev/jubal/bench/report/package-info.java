/**
 * Figures, the baselines they are compared with, and the table that shows both.
 *
 * <p>Owns the names, units and targets of metrics and the form of {@code baselines/*.json}. Knows
 * nothing of how a figure was measured. Start reading at {@code Report}.
 */
@NullMarked
package dev.jubal.bench.report;

import org.jspecify.annotations.NullMarked;
