/**
 * Bills: what a team owes for a month, and where the bill goes.
 *
 * <p>Owns {@link Billing}, which reads the sums of the ledger, credits and budgets. Start there.
 */
@NullMarked
package dev.jubal.account.billing;

import org.jspecify.annotations.NullMarked;
