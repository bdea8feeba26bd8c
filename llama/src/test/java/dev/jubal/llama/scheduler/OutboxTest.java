package dev.jubal.llama.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jubal.llama.EngineListener.Counts;
import dev.jubal.llama.Recorder;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class OutboxTest {
  @Test
  void asksAgainOnlyAfterItWasFull() {
    AtomicInteger wakes = new AtomicInteger();
    Semaphore permits = new Semaphore(0);
    Recorder listener = new Recorder(permits);
    Outbox outbox = new Outbox(listener, wakes::incrementAndGet, () -> {});
    outbox.put(l -> l.started(1, 0));
    for (int i = 1; i < Outbox.BOUND; i++) {
      assertTrue(outbox.hasRoom(1), "event " + i);
      outbox.put(l -> l.text(0, "x", List.of()));
    }
    assertFalse(outbox.hasRoom(1));
    assertEquals(0, wakes.get());
    Thread thread = Thread.ofVirtual().start(outbox::deliver);
    Recorder.until("a wake", () -> wakes.get() == 1);
    assertTrue(outbox.hasRoom(1));
    permits.release(1000);
    outbox.end(l -> l.finished(new Counts(1, 0, 15)));
    outbox.put(l -> l.text(0, "late", List.of()));
    listener.answered();
    assertEquals("x".repeat(Outbox.BOUND - 1), listener.text());
    Recorder.until("the end of the thread", () -> !thread.isAlive());
    assertEquals(1, wakes.get());
  }

  @Test
  void aListenerThatThrowsIsLeftAlone() {
    AtomicBoolean broken = new AtomicBoolean();
    Outbox outbox = new Outbox(new Recorder(), () -> {}, () -> broken.set(true));
    outbox.put(
        l -> {
          throw new IllegalStateException("on purpose");
        });
    outbox.deliver();
    assertTrue(broken.get());
  }
}
