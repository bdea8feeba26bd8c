package dev.jubal.platform.error;

import java.util.Optional;

/**
 * Which limit refused a request.
 *
 * @param name of the limit and whose it is, such as tokens_per_minute:model grok-4
 * @param passes whether the same request may pass later
 * @param rates how the caller stands; empty when there is nothing to say
 */
public record Limited(String name, boolean passes, Optional<Rates> rates) {}
