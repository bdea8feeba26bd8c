/**
 * Budgets: how much may be spent, by whom, in which window.
 *
 * <p>Owns {@link Budget} and its rows, plans, credits, and {@link Budgets}, the guard that holds
 * the most a request can cost until it is settled. The figures are kept in memory and made anew
 * from the sums of the ledger. Start at {@link Budgets}.
 */
@NullMarked
package dev.jubal.account.budget;

import org.jspecify.annotations.NullMarked;
