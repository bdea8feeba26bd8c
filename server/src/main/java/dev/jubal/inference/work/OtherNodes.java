package dev.jubal.inference.work;

import dev.jubal.inference.EventSink;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.sql.DatabaseException;
import dev.jubal.platform.time.Cancellation;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that any of several nodes may do: followed and stopped from whichever one the client
 * reaches, by what stands in the database. What this node works on itself it tells at once.
 */
final class OtherNodes {
  private static final Logger log = LoggerFactory.getLogger(OtherNodes.class);

  /** How often another node's work is looked at, and how soon it sees that it is to stop. */
  private static final Duration LOOK = Duration.ofMillis(100);

  /** How often a follower says that it is there. */
  private static final Duration FOLLOWED = Duration.ofMillis(500);

  /** After how long of saying nothing it is taken to have left. */
  private static final Duration GONE = Duration.ofSeconds(3);

  private final WorkStore store;
  private final Map<String, Live> lives;
  private final AtomicBoolean hearing = new AtomicBoolean();

  /**
   * The other nodes.
   *
   * @param lives what this node knows of
   */
  OtherNodes(WorkStore store, Map<String, Live> lives) {
    this.store = store;
    this.lives = lives;
  }

  /** Stops from now on what another node was told to stop and this one works on. */
  void listen(ScheduledExecutorService clock, Consumer<Live> stop) {
    var _ =
        clock.scheduleWithFixedDelay(
            () -> {
              if (!lives.isEmpty() && hearing.compareAndSet(false, true)) {
                Thread.startVirtualThread(() -> hear(stop));
              }
            },
            LOOK.toMillis(),
            LOOK.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private void hear(Consumer<Live> stop) {
    try {
      store.toStop().forEach(id -> here(id).ifPresent(stop));
    } catch (DatabaseException e) {
      log.warn("whether work is to be stopped cannot be read: {}", e.getMessage());
    } finally {
      hearing.set(false);
    }
  }

  /**
   * Whether the client of this node's work came back to another one, and did not leave it since.
   */
  boolean followed(Live live) {
    return store.followed(live.work().id(), live.grace().compareTo(GONE) > 0 ? live.grace() : GONE);
  }

  /** Work that this node is at. */
  Optional<Live> here(String id) {
    return Optional.ofNullable(lives.get(id)).filter(Live::claimed);
  }

  /**
   * See {@link WorkQueue#follow}.
   *
   * @param left is told of work of this node whose follower left
   */
  void follow(Work work, int from, EventSink sink, Cancellation gone, Consumer<Live> left) {
    CountDownLatch leaves = new CountDownLatch(1);
    gone.onCancel(leaves::countDown);
    OptionalInt next = OptionalInt.of(from);
    while (next.isPresent()) {
      Optional<Live> here = here(work.id());
      next =
          here.isPresent()
              ? hereFrom(here.get(), next.getAsInt(), sink, gone, left)
              : stored(work, next.getAsInt(), sink, leaves);
      gone.reason()
          .ifPresent(
              reason -> {
                throw reason;
              });
    }
  }

  private static OptionalInt hereFrom(
      Live live, int from, EventSink sink, Cancellation gone, Consumer<Live> left) {
    try {
      return live.follow(from, sink, gone);
    } finally {
      left.accept(live);
    }
  }

  /** Gives what another node stores, until the work ends or comes here, or the follower leaves. */
  private OptionalInt stored(Work work, int from, EventSink sink, CountDownLatch leaves) {
    int next = from;
    long told = System.nanoTime() - FOLLOWED.toNanos();
    do {
      if (System.nanoTime() - told >= FOLLOWED.toNanos()) {
        store.followed(work.id());
        told = System.nanoTime();
      }
      Optional<WorkStore.Outcome> now = store.outcome(work); // before: an end has all its events
      if (now.isEmpty()) {
        return OptionalInt.empty();
      }
      for (GenerationEvent event : store.events(work, next)) {
        next++;
        sink.accept(event);
      }
      if (!now.get().open()) {
        now.get()
            .error()
            .ifPresent(
                error -> {
                  throw error;
                });
        return OptionalInt.empty();
      }
    } while (!over(leaves, LOOK) && here(work.id()).isEmpty());
    return OptionalInt.of(next);
  }

  /**
   * Stops work, whoever is at it; returns when it has ended.
   *
   * @param close ends work that nobody is at and no node will take
   */
  void stop(Work work, ApiException why, Duration limit, Consumer<String> close) {
    String id = work.id();
    store.stop(id);
    here(id).ifPresent(live -> live.stop(why));
    long end = System.nanoTime() + limit.toNanos();
    CountDownLatch never = new CountDownLatch(1);
    while (store.outcome(work).filter(WorkStore.Outcome::open).isPresent()) {
      if (store.take(DurableWork.JOB, id)) {
        close.accept(id);
      } else if (System.nanoTime() > end) {
        log.warn("the work {} did not stop within {} s", id, limit.toSeconds());
        return;
      } else {
        var _ = over(never, LOOK);
      }
    }
  }

  /** Waits; returns whether what was waited for came. */
  private static boolean over(CountDownLatch latch, Duration limit) {
    try {
      return latch.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
