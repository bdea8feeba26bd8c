package dev.jubal.platform.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events of one answer: one flush an event, a comment line whenever the interval passed
 * without one. Events come from the request's thread; heartbeats from their own.
 */
public final class SseStream implements EventStream, AutoCloseable {
  private static final String HEARTBEAT = "heartbeat";
  private static final byte[] ID = "id: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] EVENT = "event: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);

  private final Exchange exchange;
  private final ReentrantLock lock = new ReentrantLock();
  private final ScheduledFuture<?> heartbeat;
  private volatile String comment = HEARTBEAT;
  private volatile byte[] ping = {};
  private boolean wroteSinceTick;
  private boolean closed;

  SseStream(Exchange exchange, HeartbeatTimer timer) {
    this.exchange = exchange;
    this.heartbeat = timer.every(this::beat);
  }

  @Override
  public void event(@Nullable String name, byte[] data) {
    event(null, name, data);
  }

  /** The same of an event with an id, one line of ASCII, which a client gives back to go on. */
  public void event(@Nullable String id, @Nullable String name, byte[] data) {
    send(frame(id, name, data));
  }

  private static byte[] frame(@Nullable String id, @Nullable String name, byte[] data) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream(data.length + 128);
    if (id != null) {
      frame.writeBytes(ID);
      frame.writeBytes(id.getBytes(StandardCharsets.US_ASCII));
      frame.write('\n');
    }
    if (name != null) {
      frame.writeBytes(EVENT);
      frame.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
      frame.write('\n');
    }
    frame.writeBytes(DATA);
    frame.writeBytes(data);
    frame.write('\n');
    frame.write('\n');
    return frame.toByteArray();
  }

  /** With each heartbeat goes an event from now on, for clients that count on events. */
  public void ping(String name, byte[] data) {
    ping = frame(null, name, data);
  }

  /** What heartbeats say from now on: one line of ASCII. */
  public void heartbeat(String text) {
    comment = text;
  }

  /** Heartbeats say again that they are heartbeats. */
  public void plainHeartbeat() {
    comment = HEARTBEAT;
  }

  private void send(byte[] frame) {
    lock.lock();
    try {
      if (!closed) {
        wroteSinceTick = true;
        exchange.streamHead();
        exchange.write(frame);
      }
    } finally {
      lock.unlock();
    }
  }

  private void beat() {
    if (!lock.tryLock()) {
      return; // an event is on its way: no heartbeat is due
    }
    try {
      if (!closed && !wroteSinceTick && !exchange.gone().cancelled()) {
        exchange.streamHead();
        exchange.write(heartbeat());
      }
      wroteSinceTick = false;
    } finally {
      lock.unlock();
    }
  }

  /** A comment, and the event below it if there is one. */
  private byte[] heartbeat() {
    byte[] event = ping;
    ByteArrayOutputStream frame = new ByteArrayOutputStream(64 + event.length);
    frame.writeBytes((": " + comment + "\n").getBytes(StandardCharsets.US_ASCII));
    if (event.length == 0) {
      frame.write('\n');
    } else {
      frame.writeBytes(event);
    }
    return frame.toByteArray();
  }

  /** Ends the answer. */
  @Override
  public void close() {
    heartbeat.cancel(false);
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        exchange.close();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Stops the heartbeats and leaves the exchange open, for an answer whose head has not left. */
  public void abandon() {
    heartbeat.cancel(false);
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
  }
}
