package dev.jubal.account.ledger;

import dev.jubal.platform.config.Key;
import java.time.Duration;

/** How the ledger writes. */
public record LedgerConfig(
    @Key(
            value = "strict",
            doc =
                "When a row counts as written: strict = the disk has it (survives a power cut); "
                    + "process = the operating system has it (survives kill -9, not a power cut).")
        Durability durability,
    @Key(
            value = "5s",
            doc = "How long a write waits for another process that holds the database's lock.")
        Duration busyTimeout) {

  /** What a committed row survives. */
  public enum Durability {
    STRICT,
    PROCESS
  }

  public static final LedgerConfig STANDARD =
      new LedgerConfig(Durability.STRICT, Duration.ofSeconds(5));
}
