package dev.jubal.account.keys;

import java.time.Instant;

/**
 * A team: who is billed and limited together.
 *
 * @param tier the name of its limits, such as tier-0
 */
public record Team(String id, String name, String tier, TeamPolicy policy, Instant created) {}
