package dev.jubal.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** One order carried out, from the first connection to the last answer. Used once. */
final class LoadRun {
  private static final int MOST_CONNECTIONS = 4096;

  private final LoadOrder order;
  private final ByteBuffer request;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
  private final Tally tally;
  private final Deque<Connection> idle = new ArrayDeque<>();
  private final List<Connection> all = new ArrayList<>();
  private final Selector selector;
  private int busy;
  private long sent;
  private long start;

  private LoadRun(LoadOrder order, Selector selector) {
    this.order = order;
    this.selector = selector;
    this.request = request(order);
    this.tally = new Tally(order.events(), order.eventMillis());
  }

  /** Carries an order out; what goes wrong is in the result. */
  static LoadResult of(LoadOrder order) throws IOException {
    if (order.connections() < 1 || order.connections() > MOST_CONNECTIONS) {
      throw new IllegalArgumentException(
          "connections: " + order.connections() + " (expected: 1.." + MOST_CONNECTIONS + ")");
    }
    try (Selector selector = Selector.open()) {
      LoadRun run = new LoadRun(order, selector);
      try {
        return run.go();
      } finally {
        run.all.forEach(Connection::close);
      }
    }
  }

  private static ByteBuffer request(LoadOrder order) {
    byte[] body = order.body().getBytes(StandardCharsets.UTF_8);
    String key = order.key().isEmpty() ? "" : "authorization: Bearer " + order.key() + "\r\n";
    byte[] head =
        ("POST "
                + order.path()
                + " HTTP/1.1\r\nhost: 127.0.0.1:"
                + order.port()
                + "\r\n"
                + key
                + "content-type: application/json\r\ncontent-length: "
                + body.length
                + "\r\n\r\n")
            .getBytes(StandardCharsets.ISO_8859_1);
    return ByteBuffer.allocateDirect(head.length + body.length).put(head).put(body).flip();
  }

  private LoadResult go() throws IOException {
    for (int i = 0; i < order.connections(); i++) {
      connect();
    }
    start = System.nanoTime();
    long giveUp = start + order.limitMillis() * 1_000_000;
    while (System.nanoTime() < giveUp) {
      send();
      if (busy == 0 && over()) {
        break;
      }
      // an open loop is due at moments, the others only ever wait for an answer
      selector.select(order.kind() == LoadOrder.Kind.CLOSED || over() ? 100 : 1);
      for (SelectionKey key : selector.selectedKeys()) {
        ready(key);
      }
      selector.selectedKeys().clear();
    }
    if (busy > 0) {
      tally.failed(busy + " answers were not whole after " + order.limitMillis() + " ms");
    }
    return tally.result();
  }

  private void connect() throws IOException {
    Connection connection = Connection.open(order.port(), selector);
    all.add(connection);
    idle.add(connection);
  }

  /** Whether nothing more is to be sent. */
  private boolean over() {
    return switch (order.kind()) {
      case CLOSED -> elapsed() >= order.millis() * 1_000_000;
      case OPEN -> sent >= due();
      case BURST -> sent >= order.connections();
    };
  }

  private long elapsed() {
    return System.nanoTime() - start;
  }

  /** How many requests an open loop sends in all. */
  private long due() {
    return (long) (order.perSecond() * order.millis() / 1000);
  }

  private void send() throws IOException {
    switch (order.kind()) {
      case CLOSED -> {
        while (!idle.isEmpty() && !over()) {
          send(System.nanoTime());
        }
      }
      case OPEN -> pace(due(), 1e9 / order.perSecond());
      case BURST -> pace(order.connections(), order.millis() * 1e6 / order.connections());
    }
  }

  private void pace(long most, double gapNanos) throws IOException {
    while (sent < most && !idle.isEmpty()) {
      long due = start + (long) (sent * gapNanos);
      if (due > System.nanoTime()) {
        return;
      }
      // a burst asks how one request fares, not how late this client is
      send(order.kind() == LoadOrder.Kind.OPEN ? due : System.nanoTime());
    }
  }

  private void send(long due) throws IOException {
    Connection connection = idle.removeFirst();
    sent++;
    tally.sent();
    busy++;
    connection.send(request, due);
  }

  private void ready(SelectionKey key) {
    Connection connection = (Connection) key.attachment();
    try {
      if (key.isValid() && key.isWritable()) {
        connection.flush();
      }
      if (key.isValid() && key.isReadable()) {
        read(connection);
      }
    } catch (IOException | RuntimeException e) {
      broken(connection, e);
    }
  }

  private void read(Connection connection) throws IOException {
    boolean whole = connection.read(buffer);
    if (order.kind() == LoadOrder.Kind.BURST && connection.answer().begun()) {
      if (!over() || all.stream().anyMatch(c -> !c.written())) {
        tally.notOverlapped();
      }
    }
    if (whole) {
      busy--;
      tally.answered(connection, System.nanoTime());
      if (order.kind() == LoadOrder.Kind.BURST) {
        connection.close();
      } else {
        idle.addLast(connection);
      }
    }
  }

  private void broken(Connection connection, Exception why) {
    if (connection.busy()) {
      busy--;
      tally.failed(String.valueOf(why.getMessage()));
    }
    idle.remove(connection);
    connection.close();
  }
}
