package dev.jubal.bench.server;

import dev.jubal.bench.process.Child;
import dev.jubal.bench.process.ProcStat;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server process over the script, ready when made. */
final class ServerUnderTest implements AutoCloseable {
  private static final Pattern PORT = Pattern.compile("://127\\.0\\.0\\.1:(\\d+)");
  private static final Pattern KEY = Pattern.compile("XAI_API_KEY=(xai-\\S+)");
  private static final long START_LIMIT = 120_000_000_000L;
  private static final byte[] READY =
      "GET /readyz HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

  private final Child child;
  private final int port;
  private final String key;

  private ServerUnderTest(Child child, int port, String key) {
    this.child = child;
    this.port = port;
    this.key = key;
  }

  /** Starts a server on a fresh data folder and reads its port and first key. */
  static ServerUnderTest start(Launch launch, Path data, Path script) throws IOException {
    return heard(Child.start(launch.serve(0, data, script)), true);
  }

  /** Starts a server on a data folder that exists, with further options, and reads its port. */
  static ServerUnderTest startOn(Launch launch, Path data, Path script, List<String> options)
      throws IOException {
    List<String> command = new ArrayList<>(launch.serve(0, data, script));
    command.addAll(options);
    return heard(Child.start(command), false);
  }

  /** Reads its port and, where it says one, its first key. */
  private static ServerUnderTest heard(Child child, boolean first) throws IOException {
    int port = 0;
    String key = "";
    while (port == 0 || (first && key.isEmpty())) {
      String line = child.readLine();
      if (line == null) {
        child.close();
        throw new IOException(
            "the server ended before it said its port" + (first ? " and its first key" : ""));
      }
      port = Integer.parseInt(found(PORT, line, Integer.toString(port)));
      key = found(KEY, line, key);
    }
    child.drain();
    return new ServerUnderTest(child, port, key);
  }

  private static String found(Pattern pattern, String line, String otherwise) {
    Matcher matcher = pattern.matcher(line);
    return matcher.find() ? matcher.group(1) : otherwise;
  }

  /**
   * A start.
   *
   * @param millis from the start of the process to the first 200 of /readyz
   * @param cpuMillis what it computed until then; depends less on what else the machine does
   */
  record Ready(double millis, double cpuMillis) {}

  /** Starts a server, waits until it is ready, and ends it. */
  static Ready ready(Launch launch, Path data, Path script) throws IOException {
    int port = freePort();
    long start = System.nanoTime();
    Child child = Child.start(launch.serve(port, data, script));
    try {
      child.drain();
      while (!ready(port)) {
        if (!child.alive() || System.nanoTime() - start > START_LIMIT) {
          throw new IOException("the server did not become ready");
        }
        pause();
      }
      return new Ready((System.nanoTime() - start) / 1e6, (double) child.stat().cpuMillis());
    } finally {
      child.kill();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static boolean ready(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      socket.setSoTimeout(2000);
      socket.getOutputStream().write(READY);
      byte[] line = socket.getInputStream().readNBytes(12);
      return new String(line, StandardCharsets.US_ASCII).equals("HTTP/1.1 200");
    } catch (IOException e) {
      return false; // nobody listens yet
    }
  }

  private static void pause() {
    try {
      Thread.sleep(3);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  int port() {
    return port;
  }

  String key() {
    return key;
  }

  ProcStat stat() throws IOException {
    return child.stat();
  }

  Launch launch() throws IOException {
    return Launch.of(ProcStat.commandLine(child.pid()));
  }

  @Override
  public void close() {
    child.close();
  }
}
