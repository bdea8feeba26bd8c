package dev.jubal.bench.load;

/**
 * One run of load.
 *
 * @param kind how requests follow each other
 * @param port on 127.0.0.1
 * @param key the API key; empty sends none
 * @param path of the request
 * @param body what is posted
 * @param connections how many are open; for {@code BURST} also the number of requests
 * @param perSecond requests a second of {@code OPEN}
 * @param millis how long requests are sent; for {@code BURST} the time they are spread over
 * @param events how many events of a streamed answer follow a schedule; 0 when none does
 * @param eventMillis the schedule: time from one event to the next
 * @param limitMillis when the run is given up
 */
public record LoadOrder(
    Kind kind,
    int port,
    String key,
    String path,
    String body,
    int connections,
    double perSecond,
    long millis,
    int events,
    double eventMillis,
    long limitMillis) {

  /** How requests follow each other. */
  public enum Kind {
    /** Each connection sends the next request when the answer to the last one is whole. */
    CLOSED,
    /** Requests are due at a fixed rate, whatever the server does; latency counts from then. */
    OPEN,
    /** Each connection sends one request. */
    BURST
  }
}
