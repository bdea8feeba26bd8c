package dev.jubal.account.keys;

import java.time.Instant;

/**
 * Who keys belong to.
 *
 * @param disabled whether all keys of the user are refused
 */
public record User(String id, String teamId, String name, boolean disabled, Instant created) {}
