package dev.jubal.testing;

import dev.jubal.platform.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A WebSocket of the JDK, whose messages can be waited for. */
public final class WsClient implements AutoCloseable {
  private static final int SECONDS = 20;

  private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
  private final BlockingQueue<Integer> closed = new LinkedBlockingQueue<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private final WebSocket socket;

  private WsClient(int port, String path, String key) throws Exception {
    WebSocket.Builder builder = client.newWebSocketBuilder();
    if (!key.isEmpty()) {
      builder.header("authorization", "Bearer " + key);
    }
    try {
      socket =
          builder
              .buildAsync(URI.create("ws://127.0.0.1:" + port + path), new Listening())
              .get(SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      client.close();
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  /**
   * Opens one.
   *
   * @throws java.net.http.WebSocketHandshakeException when the server refuses, with its answer
   */
  public static WsClient open(int port, String path, String key) throws Exception {
    return new WsClient(port, path, key);
  }

  public void send(String text) {
    socket.sendText(text, true).join();
  }

  /** The next message. */
  public JsonNode next() throws InterruptedException {
    String text = messages.poll(SECONDS, TimeUnit.SECONDS);
    if (text == null) {
      throw new AssertionError("no message within " + SECONDS + " s");
    }
    return Json.tree(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Messages up to the one that ends a request. */
  public List<JsonNode> turn(String text) throws InterruptedException {
    send(text);
    List<JsonNode> events = new ArrayList<>();
    while (true) {
      JsonNode event = next();
      events.add(event);
      switch (event.get("type").stringValue()) {
        case "error", "response.completed", "response.incomplete", "response.failed" -> {
          return events;
        }
        default -> {
          // goes on
        }
      }
    }
  }

  /** The status with which the server closed it. */
  public int closed() throws InterruptedException {
    Integer status = closed.poll(SECONDS, TimeUnit.SECONDS);
    if (status == null) {
      throw new AssertionError("not closed within " + SECONDS + " s");
    }
    return status;
  }

  /** Breaks the connection without a word. */
  public void abort() {
    socket.abort();
  }

  @Override
  public void close() throws IOException {
    socket.abort();
    client.shutdownNow();
  }

  private final class Listening implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        messages.add(text.toString());
        text.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
      closed.add(status);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      closed.add(1006);
    }
  }
}
