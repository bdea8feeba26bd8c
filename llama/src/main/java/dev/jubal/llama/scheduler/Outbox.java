package dev.jubal.llama.scheduler;

import dev.jubal.llama.EngineListener;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The buffer between the decode loop and one listener. The loop asks for room before it works for a
 * request and never waits; a thread of the request's own hands the events over, and may wait.
 */
final class Outbox {
  /** Most events that wait; the ends of choices and of the request may exceed it. */
  static final int BOUND = 16;

  private static final Logger log = LoggerFactory.getLogger(Outbox.class);

  private final EngineListener listener;
  private final Runnable roomAgain;
  private final Runnable broken;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final ArrayDeque<Consumer<EngineListener>> events = new ArrayDeque<>();
  private boolean ended;
  private boolean refused;

  /**
   * @param roomAgain called when there is room after {@link #hasRoom} said no
   * @param broken called when the listener threw; it gets no more events
   */
  Outbox(EngineListener listener, Runnable roomAgain, Runnable broken) {
    this.listener = listener;
    this.roomAgain = roomAgain;
    this.broken = broken;
  }

  /** Whether {@code count} more events fit; if not, {@code roomAgain} will be called. */
  boolean hasRoom(int count) {
    lock.lock();
    try {
      boolean room = events.size() + count <= BOUND;
      refused |= !room;
      return room;
    } finally {
      lock.unlock();
    }
  }

  /** Adds an event. Never blocks. */
  void put(Consumer<EngineListener> event) {
    put(event, false);
  }

  /** Adds the last event, after which {@link #deliver} returns; later ones are dropped. */
  void end(Consumer<EngineListener> event) {
    put(event, true);
  }

  private void put(Consumer<EngineListener> event, boolean last) {
    lock.lock();
    try {
      if (!ended) {
        events.addLast(event);
        ended = last;
        filled.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Hands events to the listener until the last one. Runs in the request's own thread. */
  void deliver() {
    try {
      for (Consumer<EngineListener> event = take(); event != null; event = take()) {
        event.accept(listener);
      }
    } catch (RuntimeException e) {
      log.warn("a listener threw; its request is cancelled", e);
      broken.run();
    }
  }

  private @Nullable Consumer<EngineListener> take() {
    boolean wake;
    Consumer<EngineListener> event;
    lock.lock();
    try {
      while (events.isEmpty()) {
        if (ended) {
          return null;
        }
        filled.awaitUninterruptibly();
      }
      event = events.removeFirst();
      wake = refused;
      refused = false;
    } finally {
      lock.unlock();
    }
    if (wake) {
      roomAgain.run();
    }
    return event;
  }
}
