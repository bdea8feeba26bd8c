package dev.jubal.platform.http.edge;

import dev.jubal.platform.config.Key;
import java.time.Duration;

/** How long, and at what cost in memory, the port listens to what clients send. */
public record IntakeConfig(
    @Key(
            value = "30s",
            doc = "Longest time until the head of a request is there, from its first byte on.")
        Duration headTimeout,
    @Key(value = "30s", doc = "Silence after which an unfinished body is given up, with a 408.")
        Duration bodyIdle,
    @Key(value = "5m", doc = "Longest time for a whole body; then it is given up, with a 408.")
        Duration bodyTimeout,
    @Key(
            value = "0",
            doc =
                "Most bytes of unfinished bodies over all connections, beyond which a body is"
                    + " refused with a 503; 0 is a quarter of the heap.")
        long unfinished,
    @Key(value = "65536", doc = "Largest head of a request in bytes.") int headLimit,
    @Key(value = "10000", doc = "Most connections at once; more are closed as they come.")
        int connections,
    @Key(value = "256", doc = "Most streams at once of an HTTP/2 connection, as announced.")
        int streams,
    @Key(
            value = "400",
            doc = "RST_STREAM frames of an HTTP/2 connection in a minute; with more it is closed.")
        int resets) {
  private static final int SHARE_OF_HEAP = 4;

  /** As configured when nothing is. */
  public static final IntakeConfig STANDARD =
      new IntakeConfig(
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofMinutes(5),
          0,
          64 * 1024,
          10_000,
          256,
          400);

  /** The most bytes of unfinished bodies. */
  long room() {
    return unfinished > 0 ? unfinished : Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP;
  }
}
