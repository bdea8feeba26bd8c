package dev.jubal.app;

import dev.jubal.app.cli.DataDir;
import dev.jubal.app.cli.Terminal;
import dev.jubal.platform.artifact.Progress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * A short life of a server for the JVM to learn from: starts without a model, answers one call of
 * each kind, stops. The launcher runs it once a build to make the start-up cache.
 */
@Command(name = "train", hidden = true, description = "Exercise a start for the start-up cache.")
final class TrainCommand implements Callable<Integer> {
  private static final String SCRIPT =
      "{\"answers\":[{\"steps\":[{\"text\":\"Hello\"},{\"text\":\" there\"}]}]}";
  private static final List<String> BODIES =
      List.of(
          "{\"model\":\"grok-4\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}",
          "{\"model\":\"grok-4\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");

  @Mixin private final DataDir dataDir = new DataDir();
  private final Terminal terminal;

  TrainCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    Files.createDirectories(dataDir.path());
    Path script = Files.writeString(dataDir.path().resolve("train.json"), SCRIPT);
    Config config =
        Config.read(
            Map.of(
                "data-dir", dataDir.path().toString(),
                "server.port", "0",
                "models.script", script.toString()),
            Map.of());
    try (Jubal jubal = Jubal.start(config, Jubal.Outside.real(Progress.SILENT))) {
      String key = jubal.keys().firstStart().orElseThrow().secret().reveal();
      exercise("http://127.0.0.1:" + jubal.port(), key);
    }
    terminal.err().println("trained");
    return 0;
  }

  private static void exercise(String url, String key) throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    send(client, HttpRequest.newBuilder(URI.create(url + "/readyz")).GET());
    send(
        client,
        HttpRequest.newBuilder(URI.create(url + "/v1/models"))
            .header("authorization", "Bearer " + key)
            .GET());
    for (String body : BODIES) {
      send(
          client,
          HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
              .header("authorization", "Bearer " + key)
              .header("content-type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(body)));
    }
  }

  private static void send(HttpClient client, HttpRequest.Builder request) throws Exception {
    HttpResponse<String> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IllegalStateException(
          response.uri() + " answered " + response.statusCode() + ": " + response.body());
    }
  }
}
