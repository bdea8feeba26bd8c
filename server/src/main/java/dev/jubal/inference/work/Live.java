package dev.jubal.inference.work;

import dev.jubal.inference.EventSink;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.sight.Looked;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.time.Cancellation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Work that is open, as this process knows it: its events so far, who follows, and how to stop it.
 * Thread-safe. A follower that is slow holds up nobody, since it reads what is kept here.
 */
final class Live {
  private final Work work;
  private final Duration grace;
  private final Optional<Looked> looked;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<GenerationEvent> events;
  private GenerationEvent.@Nullable Queued place;
  private int placeTold;
  private Cancellation cancel = new Cancellation();
  private @Nullable ApiException stop;
  private int followers;
  private long leftNanos = System.nanoTime();
  private boolean claimed;
  private boolean ended;
  private boolean left;
  private @Nullable ApiException error;

  /**
   * @param looked what was said of its pictures, if that is stored
   * @param stored its events so far
   */
  Live(Work work, Duration grace, Optional<Looked> looked, List<GenerationEvent> stored) {
    this.work = work;
    this.grace = grace;
    this.looked = looked;
    this.events = new ArrayList<>(stored);
  }

  Work work() {
    return work;
  }

  Duration grace() {
    return grace;
  }

  Optional<Looked> looked() {
    return looked;
  }

  /** Of the attempt that is made, or of the next one. */
  Cancellation cancel() {
    lock.lock();
    try {
      return cancel;
    } finally {
      lock.unlock();
    }
  }

  /** Stops it for good: this attempt, and any other. */
  void stop(ApiException why) {
    lock.lock();
    try {
      stop = stop == null ? why : stop;
    } finally {
      lock.unlock();
    }
    cancel().cancel(why); // outside of the lock: it runs listeners
  }

  /** Takes the right to make the next attempt; false while somebody has it, or when it ended. */
  boolean claim() {
    lock.lock();
    try {
      boolean free = !claimed && !ended;
      claimed |= free;
      return free;
    } finally {
      lock.unlock();
    }
  }

  /** Gives the right back; what stopped this attempt alone does not stop the next. */
  void release() {
    lock.lock();
    try {
      claimed = false;
      cancel = new Cancellation();
      if (stop != null) {
        var _ = cancel.cancel(stop); // nobody listens yet
      }
    } finally {
      lock.unlock();
    }
  }

  boolean claimed() {
    lock.lock();
    try {
      return claimed;
    } finally {
      lock.unlock();
    }
  }

  /** How many events there are, which is the number of the next. */
  int size() {
    lock.lock();
    try {
      return events.size();
    } finally {
      lock.unlock();
    }
  }

  List<GenerationEvent> events() {
    lock.lock();
    try {
      return List.copyOf(events);
    } finally {
      lock.unlock();
    }
  }

  /** Forgets the events of an attempt that is made anew. */
  void clear() {
    lock.lock();
    try {
      events.clear();
    } finally {
      lock.unlock();
    }
  }

  void add(GenerationEvent event) {
    lock.lock();
    try {
      events.add(event);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Where it waits; told to followers as it is now, and not kept. */
  void queued(GenerationEvent.Queued now) {
    lock.lock();
    try {
      place = now;
      placeTold++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** It ended: followers get what is left of its events, and then the error, if there is one. */
  void end(Optional<ApiException> why) {
    lock.lock();
    try {
      ended = true;
      error = why.orElse(null);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Any node may make the next attempt: its followers have to look who does. */
  void leave() {
    lock.lock();
    try {
      left = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the end; returns whether it came within the limit. */
  boolean awaitEnd(Duration limit) {
    long left = limit.toNanos();
    lock.lock();
    try {
      while (!ended && left > 0) {
        left = changed.awaitNanos(left);
      }
      return ended;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ended;
    } finally {
      lock.unlock();
    }
  }

  boolean followed() {
    lock.lock();
    try {
      return followers > 0;
    } finally {
      lock.unlock();
    }
  }

  /** How long nobody has followed it. */
  Duration unfollowed() {
    lock.lock();
    try {
      return followers > 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - leftNanos);
    } finally {
      lock.unlock();
    }
  }

  private void followers(int by) {
    lock.lock();
    try {
      followers += by;
      leftNanos = System.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  /**
   * See {@link WorkQueue#follow}.
   *
   * @return the number of the next event where it goes on elsewhere; empty when it ended
   */
  OptionalInt follow(int from, EventSink sink, Cancellation gone) {
    gone.onCancel(this::wake);
    followers(1);
    int next = from;
    try {
      int told = 0;
      for (Step step = step(next, told, gone); step != null; step = step(next, told, gone)) {
        if (step.event() instanceof GenerationEvent.Queued) {
          told = step.told();
        } else {
          next++;
        }
        sink.accept(step.event()); // outside of the lock: it may block
      }
    } finally {
      followers(-1);
    }
    gone.reason()
        .ifPresent(
            reason -> {
              throw reason;
            });
    return told(next);
  }

  private OptionalInt told(int next) {
    lock.lock();
    try {
      if (error != null) {
        throw error;
      }
      return ended ? OptionalInt.empty() : OptionalInt.of(next);
    } finally {
      lock.unlock();
    }
  }

  private void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** What a follower is told next. */
  private record Step(GenerationEvent event, int told) {}

  /** Waits for it; null when there is nothing more, or the follower left. */
  private @Nullable Step step(int next, int told, Cancellation gone) {
    lock.lock();
    try {
      while (!gone.cancelled()) {
        if (next < events.size()) {
          return new Step(events.get(next), told);
        }
        if (ended || left) {
          return null;
        }
        GenerationEvent.Queued now = place;
        if (now != null && placeTold > told) {
          return new Step(now, placeTold);
        }
        // a follower may leave between the check and the wait, hence the limit
        var _ = changed.await(200, TimeUnit.MILLISECONDS);
      }
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } finally {
      lock.unlock();
    }
  }
}
