package dev.jubal.bench.reference;

import dev.jubal.bench.engine.Contestant;
import dev.jubal.bench.engine.Load;
import dev.jubal.bench.engine.Run;
import dev.jubal.bench.process.Child;
import dev.jubal.bench.process.ProcStat;
import dev.jubal.platform.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** llama.cpp's server as a process of its own, asked over HTTP for streamed greedy completions. */
final class LlamaServer implements Contestant {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration ANSWER = Duration.ofMinutes(5);
  private static final String DATA = "data: ";

  private final Child child;
  private final Path log;
  private final boolean cached;
  private final URI root;
  private final ExecutorService streams = Executors.newVirtualThreadPerTaskExecutor();

  private LlamaServer(Child child, Path log, int port, boolean cached) {
    this.child = child;
    this.log = log;
    this.cached = cached;
    this.root = URI.create("http://127.0.0.1:" + port);
  }

  /**
   * How to start it; everything not named here is as the server has it by default.
   *
   * @param slots as many as there will be streams
   * @param context tokens of a slot
   * @param cached whether prompts may be kept and used again, as it does by default
   */
  record Settings(Path program, Path model, int slots, int context, int threads, boolean cached) {
    List<String> command(int port) {
      List<String> command =
          new ArrayList<>(
              List.of(
                  program.toString(),
                  "--model",
                  model.toString(),
                  "--host",
                  "127.0.0.1",
                  "--port",
                  Integer.toString(port),
                  "--parallel",
                  Integer.toString(slots),
                  "--ctx-size",
                  Integer.toString(slots * context),
                  "--threads",
                  Integer.toString(threads),
                  "--threads-batch",
                  Integer.toString(threads)));
      if (!cached) {
        command.addAll(List.of("--no-cache-prompt", "--cache-ram", "0"));
      }
      return command;
    }
  }

  /** Starts it and waits until it answers; what it says goes to a file in {@code folder}. */
  static LlamaServer start(Settings settings, Path folder) throws IOException {
    int port = freePort();
    Path log = folder.resolve("llama-server-" + port + ".log");
    Child child = Child.start(settings.command(port), folder, log);
    LlamaServer server = new LlamaServer(child, log, port, settings.cached());
    try {
      server.awaitReady();
    } catch (IOException e) {
      server.close();
      throw e;
    }
    return server;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitReady() throws IOException {
    long end = System.nanoTime() + START.toNanos();
    while (System.nanoTime() < end) {
      if (!child.alive()) {
        throw new IOException("llama-server ended at once; it said:\n" + said());
      }
      if (healthy()) {
        return;
      }
    }
    throw new IOException("llama-server was not ready within " + START.toSeconds() + " s");
  }

  /** Asks once; waits a moment where nobody listens yet. */
  private boolean healthy() throws IOException {
    HttpRequest health = HttpRequest.newBuilder(root.resolve("/health")).timeout(START).build();
    try (HttpClient client = client()) {
      if (send(client, health, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
        return true;
      }
    } catch (java.net.ConnectException notYet) {
      // it listens before it has loaded the model, but not at once
    }
    try {
      TimeUnit.MILLISECONDS.sleep(50);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    return false;
  }

  private String said() throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
  }

  /** How many tokens it reads a prompt as. */
  int tokens(String prompt) throws IOException {
    HttpRequest request = post("/tokenize", Map.of("content", prompt, "add_special", true));
    try (HttpClient client = client()) {
      byte[] answer = send(client, request, HttpResponse.BodyHandlers.ofByteArray()).body();
      return Json.tree(answer).path("tokens").size();
    }
  }

  @Override
  public Run run(Load load) throws IOException {
    List<HttpRequest> requests = new ArrayList<>();
    for (String prompt : load.prompts()) {
      requests.add(post("/completion", body(prompt, load)));
    }
    try (HttpClient client = client()) {
      return run(client, requests);
    } catch (IOException e) {
      if (child.alive()) {
        throw e;
      }
      throw new IOException("llama-server ended; it said:\n" + said(), e);
    }
  }

  /** New connections for each run: the server closes those that were idle, at any moment. */
  private static HttpClient client() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  private Run run(HttpClient client, List<HttpRequest> requests) throws IOException {
    long cpu = cpuMillis();
    long start = System.nanoTime();
    List<Future<Stream>> answers = new ArrayList<>();
    for (HttpRequest request : requests) {
      answers.add(streams.submit((Callable<Stream>) () -> stream(client, request, start)));
    }
    long[] first = new long[requests.size()];
    long last = 0;
    long made = 0;
    for (int i = 0; i < first.length; i++) {
      Stream answer = await(answers.get(i));
      first[i] = answer.first;
      last = Math.max(last, answer.end);
      made += answer.tokens;
    }
    return new Run(last, first, cpuMillis() - cpu, made);
  }

  private Map<String, Object> body(String prompt, Load load) throws IOException {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("prompt", prompt);
    body.put("n_predict", load.tokens());
    body.put("temperature", 0);
    body.put("stream", true);
    body.put("cache_prompt", cached);
    body.put("ignore_eos", load.schema().isEmpty());
    if (load.schema().isPresent()) {
      byte[] schema = load.schema().get().getBytes(StandardCharsets.UTF_8);
      body.put("json_schema", Json.tree(schema));
    }
    return body;
  }

  /** When an answer's first text came and when it ended, in ns from the start, and its tokens. */
  private record Stream(long first, long end, long tokens) {}

  private static Stream stream(HttpClient client, HttpRequest request, long start)
      throws IOException {
    HttpResponse<InputStream> answer =
        send(client, request, HttpResponse.BodyHandlers.ofInputStream());
    if (answer.statusCode() != 200) {
      String said = new String(answer.body().readAllBytes(), StandardCharsets.UTF_8);
      throw new IOException("llama-server: " + answer.statusCode() + " (expected: 200): " + said);
    }
    long first = 0;
    @Nullable String last = null;
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(DATA)) {
          first = first == 0 ? System.nanoTime() - start : first;
          last = line;
        }
      }
    }
    long end = System.nanoTime() - start;
    if (last == null) {
      throw new IOException("llama-server sent an empty stream (expected: events)");
    }
    JsonNode facts = Json.tree(last.substring(DATA.length()).getBytes(StandardCharsets.UTF_8));
    if (!facts.path("stop").asBoolean()) {
      throw new IOException("llama-server's stream broke off; its last event: " + last);
    }
    return new Stream(first, end, facts.path("tokens_predicted").asLong());
  }

  private HttpRequest post(String path, Map<String, Object> body) throws IOException {
    return HttpRequest.newBuilder(root.resolve(path))
        .timeout(ANSWER)
        .header("content-type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofByteArray(Json.mapper().writeValueAsBytes(body)))
        .build();
  }

  private static <T> HttpResponse<T> send(
      HttpClient client, HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws IOException {
    try {
      return client.send(request, handler);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static Stream await(Future<Stream> answer) throws IOException {
    try {
      return answer.get(ANSWER.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw interrupted(e);
    } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new IOException("llama-server's answer: " + e.getMessage(), e);
    }
  }

  private static IOException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IOException("interrupted while llama-server worked", e);
  }

  private long cpuMillis() throws IOException {
    return child.stat().cpuMillis() + ProcStat.of(ProcessHandle.current().pid()).cpuMillis();
  }

  @Override
  public void close() {
    streams.shutdownNow();
    child.close();
  }
}
