package dev.jubal.inference.work;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * How much deferred and background work of a team may be open at once. What is being accepted
 * counts along, so that many who ask at the same time do not get past it together. Thread-safe.
 */
final class OpenLimit {
  private static final Duration RETRY = Duration.ofSeconds(10);

  private final int most;
  private final WorkStore store;
  private final WorkMeters meters;
  private final Map<String, AtomicInteger> entering = new ConcurrentHashMap<>();

  OpenLimit(int most, WorkStore store, WorkMeters meters) {
    this.most = most;
    this.store = store;
    this.meters = meters;
  }

  /**
   * Accepts work of a team.
   *
   * @throws ApiException RATE_LIMIT_EXCEEDED when there is no room
   */
  <T> T within(String teamId, Supplier<T> accept) {
    AtomicInteger mine = entering.computeIfAbsent(teamId, k -> new AtomicInteger());
    int before = mine.getAndIncrement();
    try {
      long open = store.open(teamId) + before;
      if (open >= most) {
        meters.refused();
        throw ApiException.retry(
            ErrorCode.RATE_LIMIT_EXCEEDED,
            open
                + " deferred and background requests of this team are open (expected: fewer than "
                + most
                + "; one that has ended makes room).",
            RETRY);
      }
      return accept.get();
    } finally {
      mine.decrementAndGet();
    }
  }
}
