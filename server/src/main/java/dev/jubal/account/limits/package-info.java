/**
 * How many requests and tokens a caller may have: a second, a minute, a day, at once.
 *
 * <p>Owns {@link LimitsGuard}, which counts in memory and lets nothing pass beyond a limit, {@link
 * LimitStore}, the limits as rows of tiers and teams, and {@link Tiers}. Knows no price and no
 * answer. Start at {@link LimitsGuard}.
 */
@NullMarked
package dev.jubal.account.limits;

import org.jspecify.annotations.NullMarked;
