package dev.jubal.platform.artifact;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands in for a Hugging Face hub: {@code /owner/repo/resolve/revision/file} answers HEAD and GET
 * with its headers and redirects to {@code /storage/...} of another name for the same host.
 */
final class LoopbackHub implements AutoCloseable {
  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  private final HttpServer server;
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final Map<String, String> hashes = new ConcurrentHashMap<>();
  private final Queue<Integer> cuts = new ConcurrentLinkedQueue<>();
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private volatile boolean ranges = true;
  private volatile long claimed = -1;
  private volatile int refusal;

  /** A request as it came in. */
  record Seen(String method, String host, String path, String range, String authorization) {}

  LoopbackHub() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Its address, under the name that is not the storage's. */
  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** A file and the hash the hub claims for it. */
  void put(String name, byte[] content, String hash) {
    files.put(name, content);
    hashes.put(name, hash);
  }

  /** The next download ends after so many bytes. */
  void cutNextAfter(int bytes) {
    cuts.add(bytes);
  }

  void withoutRanges() {
    ranges = false;
  }

  /** Every download claims this length. */
  void claimLength(long bytes) {
    claimed = bytes;
  }

  /** Every request gets this status. */
  void refuse(int status) {
    refusal = status;
  }

  List<Seen> downloads() {
    return seen.stream().filter(s -> s.path.startsWith("/storage/")).toList();
  }

  List<Seen> seen() {
    return List.copyOf(seen);
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    seen.add(
        new Seen(
            exchange.getRequestMethod(),
            String.valueOf(exchange.getRequestHeaders().getFirst("Host")),
            path,
            String.valueOf(exchange.getRequestHeaders().getFirst("Range")),
            String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))));
    String name = path.substring(path.lastIndexOf('/') + 1);
    try {
      if (refusal != 0 || !files.containsKey(name)) {
        exchange.getResponseHeaders().set("X-Error-Message", "said by the hub");
        exchange.sendResponseHeaders(refusal != 0 ? refusal : 404, -1);
      } else if (path.startsWith("/storage/")) {
        store(exchange, files.getOrDefault(name, new byte[0]));
      } else {
        exchange.getResponseHeaders().set("X-Repo-Commit", COMMIT);
        exchange.getResponseHeaders().set("X-Linked-Etag", "\"" + hashes.get(name) + "\"");
        exchange.getResponseHeaders().set("ETag", "\"" + COMMIT + "\"");
        exchange
            .getResponseHeaders()
            .set(
                "Location",
                "http://localhost:"
                    + server.getAddress().getPort()
                    + "/storage/"
                    + name.replace(" ", "%20"));
        exchange.sendResponseHeaders(302, -1);
      }
    } finally {
      exchange.close();
    }
  }

  private void store(HttpExchange exchange, byte[] content) throws IOException {
    exchange.getResponseHeaders().set("ETag", "\"v" + content.length + "\"");
    if (ranges) {
      exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
    }
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    String range = exchange.getRequestHeaders().getFirst("Range");
    int from = 0;
    if (range != null && ranges) {
      from = Integer.parseInt(range.replaceAll("\\D", ""));
      exchange
          .getResponseHeaders()
          .set(
              "Content-Range",
              from < content.length
                  ? "bytes " + from + "-" + (content.length - 1) + "/" + content.length
                  : "bytes */" + content.length);
    }
    if (from > 0 && from >= content.length) {
      exchange.sendResponseHeaders(416, -1);
      return;
    }
    long length = claimed >= 0 ? claimed : content.length - from;
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, length);
    Integer cut = cuts.poll();
    int bytes = cut == null ? content.length - from : Math.min(cut, content.length - from);
    exchange.getResponseBody().write(content, from, bytes);
    exchange.getResponseBody().flush();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
