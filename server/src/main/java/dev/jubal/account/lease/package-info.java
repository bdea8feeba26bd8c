/**
 * What several nodes may use together, lent to each of them in parts.
 *
 * <p>Owns {@link Leases}: the parts, as rows of the database, which never are more than the whole;
 * how one is asked for, given back when others want it, and taken over from a node that is gone.
 * Knows neither money nor limits: whose they are does, by {@link Shares}. Start at {@link Leases}.
 */
@NullMarked
package dev.jubal.account.lease;

import org.jspecify.annotations.NullMarked;
