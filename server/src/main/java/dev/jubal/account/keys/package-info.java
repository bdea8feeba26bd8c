/**
 * API keys, users and teams.
 *
 * <p>Owns their rows and the hashing of secrets. A secret is shown once and stored only as a hash.
 * Knows nothing of HTTP or models.
 */
@NullMarked
package dev.jubal.account.keys;

import org.jspecify.annotations.NullMarked;
