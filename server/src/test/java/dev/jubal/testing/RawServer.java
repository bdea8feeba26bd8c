package dev.jubal.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Says the same bytes to every connection, whatever it is asked, and then closes it or says no
 * more.
 */
public final class RawServer implements AutoCloseable {
  private final ServerSocket listening;
  private final List<Socket> connections = new CopyOnWriteArrayList<>();

  private RawServer(ServerSocket listening) {
    this.listening = listening;
  }

  /** A server on loopback; {@code ends} closes each connection after the text. */
  public static RawServer saying(String text, boolean ends) throws IOException {
    RawServer server = new RawServer(new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1")));
    Thread.ofVirtual().start(() -> server.serve(text.getBytes(StandardCharsets.ISO_8859_1), ends));
    return server;
  }

  private void serve(byte[] text, boolean ends) {
    try {
      while (true) {
        Socket socket = listening.accept();
        connections.add(socket);
        var _ = socket.getInputStream().read(new byte[8192]);
        socket.getOutputStream().write(text);
        socket.getOutputStream().flush();
        if (ends) {
          socket.close();
        }
      }
    } catch (IOException e) {
      // closed by the test, or left by the client
    }
  }

  /** How many connections came in. */
  public int accepted() {
    return connections.size();
  }

  public int port() {
    return listening.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : connections) {
      socket.close();
    }
  }
}
