package dev.jubal.bench.server;

import dev.jubal.bench.server.BareServer.Recording;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Takes down answers of the real server for the bare one to repeat. */
final class Recorder {
  private static final Set<String> FRAMING = Set.of(":status", "transfer-encoding", "connection");

  private Recorder() {}

  static Recording record(ServerUnderTest server, Work work) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + ServerBench.CHAT))
            .timeout(Duration.ofSeconds(30))
            .header("authorization", "Bearer " + server.key())
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(work.body()))
            .build();
    HttpResponse<String> answer;
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while an answer was recorded", e);
    }
    if (answer.statusCode() != 200) {
      throw new IOException(work.mark() + ": " + answer.statusCode() + " " + answer.body());
    }
    return new Recording(
        "/" + work.mark(),
        headers(answer),
        frames(work, answer.body()),
        List.of(),
        work.delayMillis(),
        work.everyMillis(),
        work.events());
  }

  private static List<String> headers(HttpResponse<String> answer) {
    List<String> headers = new ArrayList<>();
    answer
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!FRAMING.contains(name)) {
                values.forEach(value -> headers.addAll(List.of(name, value)));
              }
            });
    return headers;
  }

  private static List<byte[]> frames(Work work, String body) {
    return work.stream() ? events(body) : List.of(body.getBytes(StandardCharsets.UTF_8));
  }

  /** The server-sent events of a body, each as its bytes. */
  static List<byte[]> events(String body) {
    List<byte[]> frames = new ArrayList<>();
    int start = 0;
    for (int end = body.indexOf("\n\n"); end >= 0; end = body.indexOf("\n\n", start)) {
      frames.add(body.substring(start, end + 2).getBytes(StandardCharsets.UTF_8));
      start = end + 2;
    }
    return frames;
  }
}
