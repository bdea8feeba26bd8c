/**
 * Tokens that the holder of an API key makes for browsers: short-lived, signed, bound to that key
 * and to a part of what it may do.
 *
 * <p>Owns their form and their signature; keeps no rows, so any server with the same master key
 * knows them. Whether the key behind one still stands is {@link dev.jubal.account.Gate}'s to ask.
 * Start at {@link dev.jubal.account.token.ClientTokens}.
 */
@NullMarked
package dev.jubal.account.token;

import org.jspecify.annotations.NullMarked;
