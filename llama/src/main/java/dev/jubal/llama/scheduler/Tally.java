package dev.jubal.llama.scheduler;

import dev.jubal.llama.EngineStats;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counters, written by the decode loop and read by anyone. */
final class Tally {
  final AtomicInteger queued = new AtomicInteger();
  final AtomicInteger busySlots = new AtomicInteger();
  final AtomicLong decodeSteps = new AtomicLong();
  final AtomicLong decodeNanos = new AtomicLong();
  final AtomicLong sampleNanos = new AtomicLong();
  final AtomicLong promptTokens = new AtomicLong();
  final AtomicLong cachedTokens = new AtomicLong();
  final AtomicLong completionTokens = new AtomicLong();

  /** Draws a form refused, each of which cost a mask. */
  final AtomicLong refusedTokens = new AtomicLong();

  /** Tokens written without asking the model. */
  final AtomicLong forcedTokens = new AtomicLong();

  EngineStats stats() {
    return new EngineStats(
        busySlots.get(),
        queued.get(),
        decodeSteps.get(),
        decodeNanos.get(),
        sampleNanos.get(),
        promptTokens.get(),
        cachedTokens.get(),
        completionTokens.get(),
        0);
  }
}
