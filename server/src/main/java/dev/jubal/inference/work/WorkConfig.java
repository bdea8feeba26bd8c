package dev.jubal.inference.work;

import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.config.Key;
import java.time.Duration;

/** Start-up configuration of work that outlives its client. */
public record WorkConfig(
    @Key(value = "16", doc = "Deferred and background requests that are worked on at once.")
        int workers,
    @Key(value = "24h", doc = "How long such work, its answer and its events are kept.")
        Duration keep,
    @Key(
            value = "60s",
            doc = "How long a stream with an Idempotency-Key goes on after its client left.")
        Duration grace,
    @Key(
            value = "1000",
            doc =
                "Deferred and background requests of one team that may be open at once; more are"
                    + " refused with 429.")
        int openPerTeam,
    @Key(value = "8", doc = "Webhooks that are called at once.") int webhookWorkers) {
  public static final WorkConfig STANDARD =
      new WorkConfig(16, Duration.ofHours(24), Duration.ofSeconds(60), 1000, 8);

  public WorkConfig {
    if (workers < 1 || openPerTeam < 1 || webhookWorkers < 1) {
      throw new ConfigException(
          "work: workers "
              + workers
              + ", open-per-team "
              + openPerTeam
              + ", webhook-workers "
              + webhookWorkers
              + " (expected: each at least 1).");
    }
  }
}
