/**
 * What a team says of the people behind its requests (age group, verified identity, consent), and
 * what its requests ask of them.
 *
 * <p>Owns the rows of both, and the guard that holds one against the other. Start at {@link
 * dev.jubal.account.enduser.EndUserStore} and {@link dev.jubal.account.enduser.EndUserPolicy}.
 */
@NullMarked
package dev.jubal.account.enduser;

import org.jspecify.annotations.NullMarked;
