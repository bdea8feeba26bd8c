package dev.jubal.llama.host;

import java.time.Duration;

/**
 * What an {@link EngineHost} may use.
 *
 * @param maxLoaded most models loaded at once, at least 1
 * @param keepFreeBytes memory that loading leaves to everything else
 * @param failureMemory how long a failed load is answered with the same failure, untried
 */
public record HostLimits(int maxLoaded, long keepFreeBytes, Duration failureMemory) {
  public HostLimits {
    if (maxLoaded < 1) {
      throw new IllegalArgumentException("maxLoaded: " + maxLoaded + " (expected: >= 1)");
    }
    if (keepFreeBytes < 0) {
      throw new IllegalArgumentException("keepFreeBytes: " + keepFreeBytes + " (expected: >= 0)");
    }
  }

  /** Four models, 256 MiB kept free, failures remembered for 5 s. */
  public static HostLimits standard() {
    return new HostLimits(4, 256L << 20, Duration.ofSeconds(5));
  }
}
