package dev.jubal.platform.time;

import dev.jubal.platform.error.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells work in progress to stop, and why. Thread-safe; the first reason stays.
 *
 * <p>Listeners run once, on the thread that cancels, or at once when it is already cancelled.
 */
public final class Cancellation {
  private final List<Runnable> listeners = new ArrayList<>();
  private @Nullable ApiException reason;

  /** Stops the work; later calls change nothing. Returns whether this was the first. */
  public boolean cancel(ApiException why) {
    List<Runnable> wake;
    synchronized (this) {
      if (reason != null) {
        return false;
      }
      reason = why;
      wake = List.copyOf(listeners);
      listeners.clear();
    }
    wake.forEach(Runnable::run);
    return true;
  }

  /** Runs {@code listener} when the work is cancelled. */
  public void onCancel(Runnable listener) {
    synchronized (this) {
      if (reason == null) {
        listeners.add(listener);
        return;
      }
    }
    listener.run();
  }

  /** Why the work was cancelled, empty while it was not. */
  public synchronized Optional<ApiException> reason() {
    return Optional.ofNullable(reason);
  }

  public synchronized boolean cancelled() {
    return reason != null;
  }
}
