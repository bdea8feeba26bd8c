/**
 * What an operator sees of the requests: what is counted of each, its trace, and its line of the
 * log.
 *
 * <p>Start at {@link dev.jubal.app.telemetry.Observing}, which is told of each as it begins and
 * ends; {@link dev.jubal.app.telemetry.SettlementMeters} counts what is settled.
 */
@NullMarked
package dev.jubal.app.telemetry;

import org.jspecify.annotations.NullMarked;
