package dev.jubal.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.jubal.platform.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Speaks as much of HashiCorp Vault's HTTP API as reading secrets of its key-value engine of
 * version 2 takes, after its documentation: {@code GET /v1/MOUNT/data/PATH} with X-Vault-Token, the
 * double data of the answer, and the errors of a wrong token, an unknown path, a deleted version
 * and a sealed Vault. Written for these tests; no Vault is run.
 */
public final class LoopbackVault implements AutoCloseable {
  private final HttpServer server;
  private final String token;
  private final Map<String, Map<String, Object>> secrets = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile boolean sealed;

  public LoopbackVault(String token) throws IOException {
    this.token = token;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Its address. */
  public String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /**
   * Stores a secret.
   *
   * @param path with its mount and the engine's data, such as secret/data/jubal
   */
  public void put(String path, Map<String, Object> fields) {
    secrets.put(path, fields);
  }

  public void seal() {
    sealed = true;
  }

  /** The paths that were asked for, with the namespace before them if one was named. */
  public List<String> asked() {
    return asked;
  }

  private void handle(HttpExchange exchange) throws IOException {
    String namespace =
        Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("X-Vault-Namespace"), "");
    String path = exchange.getRequestURI().getPath();
    asked.add(namespace.isEmpty() ? path : namespace + ":" + path);
    Map<String, Object> found = secrets.get(path.replaceFirst("^/v1/", ""));
    if (sealed) {
      answer(exchange, 503, Map.of("errors", List.of("Vault is sealed")));
    } else if (!token.equals(exchange.getRequestHeaders().getFirst("X-Vault-Token"))) {
      answer(exchange, 403, Map.of("errors", List.of("permission denied")));
    } else if (found == null) {
      answer(exchange, 404, Map.of("errors", List.of()));
    } else {
      answer(
          exchange,
          200,
          Map.of(
              "request_id",
              "1",
              "lease_id",
              "",
              "renewable",
              false,
              "data",
              Map.of("data", found, "metadata", Map.of("version", 1, "destroyed", false))));
    }
  }

  private static void answer(HttpExchange exchange, int status, Map<String, Object> body)
      throws IOException {
    byte[] bytes = Json.string(body).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
