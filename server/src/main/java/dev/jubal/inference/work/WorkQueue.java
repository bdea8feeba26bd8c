package dev.jubal.inference.work;

import dev.jubal.account.Principal;
import dev.jubal.inference.EventSink;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.time.Cancellation;
import java.util.List;
import java.util.Optional;

/**
 * Work that goes on when its client has left, and when the server has ended and starts again.
 * Whoever is not the owner finds nothing. Thread-safe.
 */
public interface WorkQueue {

  /**
   * Accepts work: when this returns it is admitted and will end, in whatever way.
   *
   * @return with the id of the order, or that of the earlier work under the same client's name
   * @throws ApiException when the request is refused; CONFLICT when the client's name stands for
   *     another request; UNSUPPORTED_PARAMETER when the team agreed that nothing is stored
   */
  Submitted submit(Order order);

  /** A piece of work as it stands. */
  Optional<Work> find(String id, Principal owner);

  /** Its events so far; empty when there is none. */
  List<GenerationEvent> events(String id, Principal owner);

  /** Has what a dialect keeps of its answers written with the end of work of its endpoint. */
  void keep(String endpoint, WorkKeeping keeping);

  /** What it came to; an answer is given once, and for a minute more to the same key. */
  Collected collect(String id, Principal owner);

  /**
   * Stops it within a decode step, and returns when it has ended. What was made until then is
   * settled and stays readable. Work that has ended is left as it is.
   *
   * @return as it stands then; empty when there is none
   */
  Optional<Work> cancel(String id, Principal owner);

  /**
   * Gives its events from {@code from} on to the sink, as they come, and returns after {@code
   * Finished}.
   *
   * @param gone fires when the follower leaves
   * @throws ApiException how the work failed, after the events that were made; NOT_FOUND when there
   *     is none; the follower's reason when it left
   */
  void follow(String id, Principal owner, int from, EventSink sink, Cancellation gone);
}
