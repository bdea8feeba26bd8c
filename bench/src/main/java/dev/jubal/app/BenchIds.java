package dev.jubal.app;

import java.time.InstantSource;
import java.util.function.Supplier;

/** Request ids as the server makes them. */
public final class BenchIds {
  private BenchIds() {}

  /** Ids of a clock. */
  public static Supplier<String> of(InstantSource now) {
    return new RequestIds(now);
  }
}
