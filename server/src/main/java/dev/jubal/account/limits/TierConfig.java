package dev.jubal.account.limits;

import dev.jubal.platform.config.Key;
import java.time.Duration;

/** How teams come to higher tiers. */
public record TierConfig(
    @Key(
            value = "1m",
            doc =
                "How often teams are looked through for those whose spending leads to a higher"
                    + " tier; teams of the plan self-hosted have no tier.")
        Duration raiseEvery) {}
