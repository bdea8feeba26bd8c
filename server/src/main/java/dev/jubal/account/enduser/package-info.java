/**
 * What a team says of the people behind its requests: age group, verified identity, consent.
 *
 * <p>Owns their rows. Policies read them; nothing here decides. Start at {@link
 * dev.jubal.account.enduser.EndUserStore}.
 */
@NullMarked
package dev.jubal.account.enduser;

import org.jspecify.annotations.NullMarked;
