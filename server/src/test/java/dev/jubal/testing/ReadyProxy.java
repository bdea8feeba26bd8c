package dev.jubal.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A small load balancer: asks each server's /readyz every 100 ms, and connects each new client to
 * one that is ready, byte for byte. Clients are told to close after each answer, so a connection is
 * a request.
 */
public final class ReadyProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final CopyOnWriteArrayList<Integer> servers;
  private final CopyOnWriteArrayList<Boolean> ready;
  private final AtomicInteger next = new AtomicInteger();
  private volatile boolean closed;

  public ReadyProxy(List<Integer> ports) throws IOException {
    this.listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    this.servers = new CopyOnWriteArrayList<>(ports);
    this.ready = new CopyOnWriteArrayList<>(ports.stream().map(p -> false).toList());
    Thread.ofVirtual().start(this::watch);
    Await.until("a server is ready", () -> ready.contains(true));
    Thread.ofVirtual().start(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** Puts another server in a place; it gets clients once it is ready. */
  public void set(int place, int port) {
    ready.set(place, false);
    servers.set(place, port);
    Await.until("the new server is ready", () -> ready.get(place));
  }

  private void watch() {
    while (!closed) {
      for (int i = 0; i < servers.size(); i++) {
        ready.set(i, isReady(servers.get(i)));
      }
      LockSupport.parkNanos(100_000_000);
    }
  }

  private static boolean isReady(int port) {
    try {
      HttpResponse<String> r = new Http(port, "").get("/readyz");
      return r.statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void accept() {
    while (!closed) {
      try {
        Socket client = listener.accept();
        Thread.ofVirtual().start(() -> join(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void join(Socket client) {
    try (client;
        Socket server = new Socket(InetAddress.getLoopbackAddress(), pick())) {
      Thread up = Thread.ofVirtual().start(() -> copy(client, server));
      copy(server, client);
      up.interrupt();
    } catch (IOException e) {
      // the client sees a closed connection, which the test counts as a failure
    }
  }

  private int pick() throws IOException {
    int first = next.getAndIncrement(); // once, or others' turns would hide a place from this one
    for (int i = 0; i < servers.size(); i++) {
      int place = Math.floorMod(first + i, servers.size());
      if (ready.get(place)) {
        return servers.get(place);
      }
    }
    throw new IOException("no server is ready");
  }

  private static void copy(Socket from, Socket to) {
    byte[] buffer = new byte[8192];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
        out.flush();
      }
      to.shutdownOutput();
    } catch (IOException e) {
      // the other direction ends too
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    listener.close();
  }
}
