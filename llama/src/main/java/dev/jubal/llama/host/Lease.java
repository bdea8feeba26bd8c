package dev.jubal.llama.host;

import dev.jubal.llama.Engine;
import java.util.concurrent.atomic.AtomicBoolean;

/** The right to use an engine: it is not unloaded before this is closed. Closing twice is fine. */
public final class Lease implements AutoCloseable {
  private final Engine engine;
  private final Runnable release;
  private final AtomicBoolean closed = new AtomicBoolean();

  Lease(Engine engine, Runnable release) {
    this.engine = engine;
    this.release = release;
  }

  public Engine engine() {
    return engine;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      release.run();
    }
  }
}
