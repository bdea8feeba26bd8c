package dev.jubal.inference.memory;

import dev.jubal.platform.config.Key;
import java.time.Duration;

/** How long responses are remembered. */
public record MemoryConfig(
    @Key(
            value = "30d",
            doc =
                "How long a stored response can be read and continued; it is deleted afterwards,"
                    + " and not before the last response that continues it.")
        Duration retention,
    @Key(value = "10m", doc = "How often expired responses are deleted.") Duration sweepEvery) {
  public static final MemoryConfig STANDARD =
      new MemoryConfig(Duration.ofDays(30), Duration.ofMinutes(10));
}
