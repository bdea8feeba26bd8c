package dev.jubal.bench.server;

import java.io.IOException;

/** Waits until a server has nothing left to do. */
final class Settled {
  private static final int STEP_MILLIS = 500;
  private static final int QUIET_STEPS = 4;
  private static final int MOST_STEPS = 60;

  private Settled() {}

  /** Returns when it used no more than 10 ms of CPU in each of four steps, or after 30 s. */
  static void await(ServerUnderTest server) throws IOException {
    int quiet = 0;
    long before = server.stat().cpuMillis();
    for (int i = 0; i < MOST_STEPS && quiet < QUIET_STEPS; i++) {
      try {
        Thread.sleep(STEP_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      long now = server.stat().cpuMillis();
      quiet = now - before <= 10 ? quiet + 1 : 0;
      before = now;
    }
  }
}
