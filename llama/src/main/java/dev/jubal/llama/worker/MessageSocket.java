package dev.jubal.llama.worker;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * One connection that carries messages: any thread sends, one thread reads.
 *
 * <p>Sending only queues; a thread of its own writes. An interrupted thread that wrote by itself
 * would close the channel for all, and what waits leaves together in one write. The queue needs no
 * bound: a worker's events are bounded by credits, a server's requests by its own limits.
 */
final class MessageSocket implements AutoCloseable {
  private static final int LARGEST = 256 << 20;
  private static final int USUAL = 64 << 10;
  private static final int BATCH = 64;
  private static final ByteBuffer LAST = ByteBuffer.allocate(0);

  private final SocketChannel channel;
  private final LinkedBlockingQueue<ByteBuffer> outgoing = new LinkedBlockingQueue<>();
  private final Thread writer;
  private ByteBuffer incoming = ByteBuffer.allocate(USUAL).limit(0);

  MessageSocket(SocketChannel channel, String name) {
    this.channel = channel;
    this.writer = Thread.ofPlatform().daemon().name(name + "-writer").start(this::write);
  }

  /** Queues a message; after {@link #close} it is dropped. */
  void send(Message message) {
    outgoing.add(Encoder.encode(message));
  }

  /**
   * Waits for the next message.
   *
   * @throws EOFException if the other side closed or died
   */
  Message read() throws IOException {
    require(Integer.BYTES);
    int length = incoming.getInt();
    if (length < 1 || length > LARGEST) {
      throw new IOException("message length: " + length + " (expected: 1.." + LARGEST + ")");
    }
    require(length);
    ByteBuffer message = incoming.slice(incoming.position(), length);
    incoming.position(incoming.position() + length);
    return Decoder.decode(message);
  }

  /** Writes what is queued, then closes. */
  void drain() throws InterruptedException {
    outgoing.add(LAST);
    writer.join();
    close();
  }

  @Override
  public void close() {
    outgoing.add(LAST);
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing to save: each side treats the end of the connection as the end of the other.
      return;
    }
  }

  private void write() {
    List<ByteBuffer> batch = new ArrayList<>(BATCH);
    boolean last = false;
    try {
      while (!last) {
        batch.add(outgoing.take());
        outgoing.drainTo(batch, BATCH - 1);
        int end = batch.indexOf(LAST);
        last = end >= 0;
        writeAll((last ? batch.subList(0, end) : batch).toArray(ByteBuffer[]::new));
        batch.clear();
      }
    } catch (IOException | InterruptedException e) {
      close(); // the reader sees it too and tells why
    }
  }

  private void writeAll(ByteBuffer[] batch) throws IOException {
    int first = 0;
    while (first < batch.length) {
      channel.write(batch, first, batch.length - first);
      while (first < batch.length && !batch[first].hasRemaining()) {
        first++;
      }
    }
  }

  private void require(int bytes) throws IOException {
    if (incoming.remaining() >= bytes) {
      return;
    }
    int usual = Math.max(bytes, USUAL);
    boolean roomy = incoming.capacity() > usual && incoming.remaining() < usual;
    if (incoming.capacity() < bytes || roomy) {
      incoming = ByteBuffer.allocate(usual).put(incoming); // one long prompt does not keep its room
    } else {
      incoming.compact();
    }
    while (incoming.position() < bytes) {
      if (channel.read(incoming) < 0) {
        throw new EOFException("connection closed");
      }
    }
    incoming.flip();
  }
}
