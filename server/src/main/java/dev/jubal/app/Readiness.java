package dev.jubal.app;

/** Whether the server wants new requests; off from the moment a stop begins. Thread-safe. */
public final class Readiness {
  private volatile boolean draining;

  public boolean ready() {
    return !draining;
  }

  void drain() {
    draining = true;
  }
}
