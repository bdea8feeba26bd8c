package dev.jubal.platform.metrics;

import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.config.Key;
import java.util.Optional;

/** Start-up configuration of metrics. */
public record MetricsConfig(
    @Key(
            doc =
                "Port of /metrics without a key, on 127.0.0.1 alone; 0 takes a free one, none turns"
                    + " it off.")
        Optional<Integer> port,
    @Key(
            value = "100",
            doc = "How many teams have series of their own; all others are counted as other.")
        int teams,
    @Key(
            value = "100",
            doc = "How many models have series of their own; all others are counted as other.")
        int models) {
  private static final int MOST = 10_000;

  /** The one of a server that was told nothing. */
  public static final MetricsConfig STANDARD = new MetricsConfig(Optional.empty(), 100, 100);

  public MetricsConfig {
    check("teams", teams);
    check("models", models);
  }

  private static void check(String key, int value) {
    if (value < 0 || value > MOST) {
      throw new ConfigException(
          "metrics." + key + ": " + value + " (expected: 0 to " + MOST + ").");
    }
  }
}
