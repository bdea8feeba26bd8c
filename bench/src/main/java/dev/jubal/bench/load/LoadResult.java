package dev.jubal.bench.load;

/**
 * What a run saw. Times are in microseconds.
 *
 * @param sent requests
 * @param answered those with a whole answer of status 200
 * @param failed those with another status, a broken or no answer
 * @param seconds from the first request to the last answer
 * @param latency from the moment a request was due to its last byte
 * @param first from then to the first byte of the body, or to the first event
 * @param late events against the schedule of their own stream's earliest one
 * @param drift events against the schedule that starts when the request was due
 * @param events received, without heartbeats
 * @param fewestEvents of a whole answer
 * @param unfinished streams that did not end with [DONE]
 * @param lateOver100 events more than 100 ms late against their own stream
 * @param overlapped whether every request was sent before the first answer began
 * @param failure the first one, empty when there was none
 */
public record LoadResult(
    long sent,
    long answered,
    long failed,
    double seconds,
    Spread latency,
    Spread first,
    Spread late,
    Spread drift,
    long events,
    long fewestEvents,
    long unfinished,
    long lateOver100,
    boolean overlapped,
    String failure) {

  public double perSecond() {
    return seconds <= 0 ? 0 : answered / seconds;
  }
}
