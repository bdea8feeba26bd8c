package dev.jubal.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** One keep-alive connection with at most one request under way. Of the selector's thread. */
final class Connection {
  private final SocketChannel channel;
  private final SelectionKey key;
  private final AnswerReader answer = new AnswerReader();
  private ByteBuffer out = ByteBuffer.allocate(0);
  private long due;
  private boolean busy;

  private Connection(SocketChannel channel, Selector selector) throws IOException {
    this.channel = channel;
    this.key = channel.register(selector, SelectionKey.OP_READ, this);
  }

  /** Connects, which on loopback takes no time worth a state of its own. */
  static Connection open(int port, Selector selector) throws IOException {
    SocketChannel channel =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    return new Connection(channel, selector);
  }

  /** Sends a request; {@code due} is when it should have left. */
  void send(ByteBuffer request, long due) throws IOException {
    this.due = due;
    busy = true;
    answer.reset();
    out = request.duplicate();
    flush();
  }

  /** Writes what the socket takes. */
  void flush() throws IOException {
    channel.write(out);
    key.interestOps(
        out.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
  }

  /** Reads what is there; true when the answer became whole. */
  boolean read(ByteBuffer buffer) throws IOException {
    while (true) {
      buffer.clear();
      int n = channel.read(buffer);
      if (n < 0) {
        throw new IOException("the server closed the connection");
      }
      if (n == 0) {
        return false;
      }
      buffer.flip();
      answer.feed(buffer, System.nanoTime());
      if (answer.complete()) {
        busy = false;
        return true;
      }
      if (n < buffer.capacity()) {
        return false;
      }
    }
  }

  AnswerReader answer() {
    return answer;
  }

  /** Whether a request is under way. */
  boolean busy() {
    return busy;
  }

  boolean written() {
    return !out.hasRemaining();
  }

  long due() {
    return due;
  }

  void close() {
    busy = false;
    key.cancel();
    try {
      channel.close();
    } catch (IOException e) {
      // a socket that cannot be closed is closed
    }
  }
}
