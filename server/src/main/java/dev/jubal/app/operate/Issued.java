package dev.jubal.app.operate;

import dev.jubal.platform.config.Secret;

/**
 * A secret that was made for a key, to be shown this once.
 *
 * @param path of the key, such as {@code teams[sales].users[ann].keys[ci]}
 */
public record Issued(String path, Secret secret) {}
