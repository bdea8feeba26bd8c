/**
 * Calls of addresses that a team names: signed with its secret, tried again, and never at a private
 * address.
 *
 * <p>Knows neither what a call is about nor who asked for it. Start at {@link SignedCalls}.
 */
@NullMarked
package dev.jubal.account.webhook;

import org.jspecify.annotations.NullMarked;
