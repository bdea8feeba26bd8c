package dev.jubal.account.keys;

import dev.jubal.platform.config.Secret;

/**
 * A key just made: the only moment its secret exists outside its owner's hands.
 *
 * @param secret to be shown once and never stored
 */
public record IssuedKey(ApiKey key, Secret secret) {}
