/**
 * What an operator sees of the requests: what is counted of each.
 *
 * <p>Start at {@link dev.jubal.app.telemetry.SettlementMeters}.
 */
@NullMarked
package dev.jubal.app.telemetry;

import org.jspecify.annotations.NullMarked;
