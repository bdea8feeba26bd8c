package dev.jubal.inference;

import dev.jubal.platform.config.Key;
import java.time.Duration;

/** Start-up configuration of the time a request may take. */
public record TimeoutConfig(
    @Key(value = "60s", doc = "Longest wait for the first token, counted from the slot.")
        Duration firstToken,
    @Key(value = "60s", doc = "Longest wait for each further token.") Duration idle,
    @Key(value = "1h", doc = "Longest time of a whole request, queueing included.")
        Duration total) {}
