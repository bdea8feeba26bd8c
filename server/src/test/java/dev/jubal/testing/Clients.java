package dev.jubal.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Clients that keep a server busy while a test does something to it. What one of them did not
 * expect ends all of them and fails the test: on a thread of its own it would go unseen.
 */
public final class Clients {
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean over = new AtomicBoolean();
  private final List<Thread> threads = new ArrayList<>();

  private Clients() {}

  /** One request, and what is expected of its answer. */
  @FunctionalInterface
  public interface Step {
    /** Returns whether the client of that number, from 0 on, goes on. */
    boolean take(int client) throws Exception;
  }

  /** Starts so many, each of which takes its step again and again until {@link #end}. */
  public static Clients start(int count, Step step) {
    Clients clients = new Clients();
    for (int i = 0; i < count; i++) {
      int n = i;
      clients.threads.add(Thread.ofVirtual().start(() -> clients.work(n, step)));
    }
    return clients;
  }

  private void work(int client, Step step) {
    try {
      while (!over.get() && step.take(client)) {
        // the next one
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception | AssertionError e) {
      failures.add(e);
      over.set(true);
    }
  }

  /** Returns when the condition holds; fails as soon as a client did, or after twenty seconds. */
  public void until(String what, BooleanSupplier condition) {
    Await.until(what, () -> well() && condition.getAsBoolean());
  }

  /** The same with another limit. */
  public void until(Duration limit, String what, BooleanSupplier condition) {
    Await.until(limit, what, () -> well() && condition.getAsBoolean());
  }

  /** Lets each finish the step it is at; fails if one of them did. */
  public void end() throws InterruptedException {
    over.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    var _ = well();
  }

  private boolean well() {
    Throwable first = failures.peek();
    if (first != null) {
      throw new AssertionError("clients failed: " + failures, first);
    }
    return true;
  }
}
