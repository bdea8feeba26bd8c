package dev.jubal.llama.worker;

import dev.jubal.llama.EngineStats;

/**
 * Adds the counts of dead workers to those of the living one. {@link WorkerSupervisor} guards it.
 */
final class WorkerCounters {
  private static final EngineStats NONE = new EngineStats(0, 0, 0, 0, 0, 0, 0, 0, 0);

  private EngineStats dead = NONE;
  private EngineStats last = NONE;
  private long starts;

  void beat(EngineStats stats) {
    last = stats;
  }

  void died() {
    dead = sum(NONE, dead, last);
    last = NONE;
  }

  void started() {
    starts++;
  }

  EngineStats sinceLoaded(EngineStats living) {
    return sum(living, dead, living);
  }

  /** As of the last heartbeat; {@code waiting} requests are counted here, not by the worker. */
  EngineStats last(int waiting) {
    EngineStats gauges = new EngineStats(last.busySlots(), waiting, 0, 0, 0, 0, 0, 0, 0);
    return sum(gauges, dead, last);
  }

  private EngineStats sum(EngineStats gauges, EngineStats a, EngineStats b) {
    return new EngineStats(
        gauges.busySlots(),
        gauges.queued(),
        a.decodeSteps() + b.decodeSteps(),
        a.decodeNanos() + b.decodeNanos(),
        a.sampleNanos() + b.sampleNanos(),
        a.promptTokens() + b.promptTokens(),
        a.cachedTokens() + b.cachedTokens(),
        a.completionTokens() + b.completionTokens(),
        Math.max(0, starts - 1));
  }
}
