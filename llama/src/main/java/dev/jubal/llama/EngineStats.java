package dev.jubal.llama;

/**
 * Gauges and counters of an engine since it was loaded.
 *
 * @param busySlots slots that hold a running choice
 * @param queued requests that wait for a slot
 * @param decodeSteps calls of the library's decode
 * @param decodeNanos time within them
 * @param sampleNanos time sampling and detokenising
 * @param promptTokens prompt tokens computed
 * @param cachedTokens prompt tokens a cached prefix saved
 * @param completionTokens tokens generated
 * @param restarts how often a worker process had to be replaced
 */
public record EngineStats(
    int busySlots,
    int queued,
    long decodeSteps,
    long decodeNanos,
    long sampleNanos,
    long promptTokens,
    long cachedTokens,
    long completionTokens,
    long restarts) {}
