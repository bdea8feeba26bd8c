package dev.jubal.platform.http;

import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.time.Cancellation;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The requests that run now, so that a stop can wait for them, and end those that stay. */
public final class InFlight {
  private final Set<Cancellation> running = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();

  private volatile boolean refusing;

  private volatile boolean leaving;

  /** From now on each answer asks its client to connect anew, elsewhere. */
  void leave() {
    leaving = true;
  }

  boolean leaving() {
    return leaving;
  }

  /** From now on new requests are refused. */
  void refuseNew() {
    refusing = true;
  }

  /** Whether new requests are refused. */
  public boolean refusing() {
    return refusing;
  }

  /** A request runs from now on. */
  public void begin(Cancellation request) {
    running.add(request);
  }

  /** A request has ended. */
  public void end(Cancellation request) {
    running.remove(request);
    lock.lock();
    try {
      ended.signalAll();
    } finally {
      lock.unlock();
    }
  }

  public int count() {
    return running.size();
  }

  /** Waits until nothing runs; returns whether that came to be within the limit. */
  public boolean awaitNone(Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    lock.lock();
    try {
      while (!running.isEmpty() && deadline - System.nanoTime() > 0) {
        // a request may end between the check and the wait, hence the short wait
        ended.awaitNanos(Math.min(deadline - System.nanoTime(), TimeUnit.MILLISECONDS.toNanos(50)));
      }
    } finally {
      lock.unlock();
    }
    return running.isEmpty();
  }

  /** Ends everything that runs with the given error. */
  public void cancelAll(ApiException reason) {
    running.forEach(r -> r.cancel(reason));
  }
}
