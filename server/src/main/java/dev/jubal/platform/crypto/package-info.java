/**
 * Encryption of what is stored and of opaque values that clients hold: envelope encryption, a data
 * key for each team under one master key. Knows bytes, owners and contexts; must not know what they
 * mean. Start reading at {@link dev.jubal.platform.crypto.Vault}.
 */
@NullMarked
package dev.jubal.platform.crypto;

import org.jspecify.annotations.NullMarked;
