package dev.jubal.bench.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A server on a data folder that exists, asked with a management key. */
public final class ManagedServer implements AutoCloseable {
  private final ServerUnderTest server;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String key;

  private ManagedServer(ServerUnderTest server, String key) {
    this.server = server;
    this.key = key;
  }

  /**
   * Starts one.
   *
   * @param options of its command line
   * @param key a management key
   */
  public static ManagedServer start(Path data, List<String> options, String key)
      throws IOException {
    Path script = Files.write(data.resolve("script.json"), Work.script());
    return new ManagedServer(
        ServerUnderTest.startOn(Launch.classPath(Launch.FLAGS), data, script, options), key);
  }

  /**
   * How long an answer took, in nanoseconds.
   *
   * @param first to the first byte of its body
   * @param whole to the last one
   * @param bytes of its body
   */
  public record Took(long first, long whole, long bytes) {}

  public Took get(String path) throws IOException {
    return ask(request(path).GET().build());
  }

  public Took post(String path, String json) throws IOException {
    return ask(
        request(path)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
        .timeout(Duration.ofSeconds(60))
        .header("authorization", "Bearer " + key);
  }

  private Took ask(HttpRequest request) throws IOException {
    long start = System.nanoTime();
    try {
      HttpResponse<InputStream> answer =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = answer.body()) {
        int one = body.read();
        long first = System.nanoTime() - start;
        long bytes = one < 0 ? 0 : 1 + body.transferTo(OutputStream.nullOutputStream());
        if (answer.statusCode() != 200) {
          throw new IOException(request.uri() + ": " + answer.statusCode());
        }
        return new Took(first, System.nanoTime() - start, bytes);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    server.close();
    client.close();
  }
}
