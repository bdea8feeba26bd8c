/**
 * Alerts: a team's rules about money, errors, times and limits, and who is told when one is
 * crossed.
 *
 * <p>Owns {@link AlertRule} and its rows; {@link AlertWatch}, which looks at sums on a timer and
 * writes each crossing once, whatever nodes and restarts do; {@link AlertDelivery}, which tells of
 * it until it arrives. Knows no HTTP word. Start at {@link AlertWatch}.
 */
@NullMarked
package dev.jubal.account.alert;

import org.jspecify.annotations.NullMarked;
