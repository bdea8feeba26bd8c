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
    @Key(value = "10m", doc = "How often expired responses are deleted.") Duration sweepEvery,
    @Key(
            value = "1000000",
            doc = "Stored responses that one team may have; further ones are refused with 400.")
        long teamResponses,
    @Key(
            value = "10737418240",
            doc =
                "Bytes of stored responses, sealed, that one team may have; further ones are"
                    + " refused with 400.")
        long teamBytes) {
  public static final MemoryConfig STANDARD =
      new MemoryConfig(Duration.ofDays(30), Duration.ofMinutes(10), 1_000_000, 10L << 30);
}
