package dev.jubal.testing;

import dev.jubal.platform.json.Json;
import dev.jubal.platform.sql.DatabaseConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A server in a process of its own, as `jubal serve` starts it, to be killed or drained. */
public final class ServerProcess implements AutoCloseable {
  private final Process process;
  private final Path dataFolder;
  private final Path log;
  private final int port;

  private ServerProcess(Process process, Path dataFolder, Path log) {
    this.process = process;
    this.dataFolder = dataFolder;
    this.log = log;
    Await.until("the server says where it listens", () -> place() != null || !process.isAlive());
    JsonNode place = place();
    if (place == null) {
      throw new AssertionError("the server ended: " + log());
    }
    this.port = place.get("port").intValue();
  }

  /** Starts a server on a folder; {@code flags} follow `serve`. */
  public static ServerProcess start(Path dataFolder, String... flags) throws IOException {
    Files.createDirectories(dataFolder);
    Files.deleteIfExists(dataFolder.resolve("server.json"));
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.jubal.app.Main",
                "serve",
                "--port=0",
                "--data-dir=" + dataFolder));
    command.addAll(List.of(flags));
    Path log = dataFolder.resolve("log.txt");
    Process process =
        new ProcessBuilder(command)
            // the greeting holds the first key, which is shown this once and logged never
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(dataFolder.resolve("stdout.txt").toFile()))
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    return new ServerProcess(process, dataFolder, log);
  }

  /** The same on a database, which is a file of the folder or a PostgreSQL. */
  public static ServerProcess start(Path dataFolder, DatabaseConfig database, String... flags)
      throws IOException {
    List<String> all = new ArrayList<>();
    String[] pairs = database.url().isPresent() ? Postgres.flags(database) : new String[0];
    for (int i = 0; i < pairs.length; i += 2) {
      all.add("--" + pairs[i] + "=" + pairs[i + 1]);
    }
    all.addAll(List.of(flags));
    return start(dataFolder, all.toArray(String[]::new));
  }

  private @Nullable JsonNode place() {
    Path file = dataFolder.resolve("server.json");
    try {
      JsonNode place = Files.exists(file) ? Json.tree(Files.readAllBytes(file)) : null;
      return place != null && place.get("pid").longValue() == process.pid() ? place : null;
    } catch (IOException e) {
      return null;
    }
  }

  /** All that this and earlier servers of the folder wrote. */
  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  public int port() {
    return port;
  }

  public long pid() {
    return process.pid();
  }

  /** SIGKILL: no hook runs, nothing is flushed. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** SIGTERM: the server drains; returns at once. */
  public void terminate() {
    process.destroy();
  }

  /** Waits for the end; returns whether it came within a minute. */
  public boolean awaitEnd() throws InterruptedException {
    return process.waitFor(1, TimeUnit.MINUTES);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    Leaks.refuse(dataFolder);
  }
}
