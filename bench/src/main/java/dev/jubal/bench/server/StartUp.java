package dev.jubal.bench.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** How long a server takes to its first 200 of /readyz, with and without the start-up cache. */
final class StartUp {
  private static final int TRIES = 30;
  private static final long BETWEEN_MILLIS = 3000;

  private final Path data;
  private final Path script;
  private final Launch running;

  /** Starts servers until the launcher has made its cache, if it makes any. */
  StartUp(Launch launch, Path data, Path script) throws IOException {
    this.data = data;
    this.script = script;
    this.running = settle(launch);
  }

  private Launch settle(Launch launch) throws IOException {
    Launch found;
    try (ServerUnderTest server = ServerUnderTest.start(launch, data, script)) {
      found = server.launch();
    }
    boolean makesCache = !found.command().equals(launch.command());
    for (int i = 0; makesCache && !found.cached() && i < TRIES; i++) {
      pause();
      try (ServerUnderTest server =
          ServerUnderTest.start(launch, data.resolveSibling("start" + i), script)) {
        found = server.launch();
      }
    }
    return found;
  }

  private static void pause() {
    try {
      Thread.sleep(BETWEEN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The command line with the cache, when there is one. */
  Optional<Launch> cached() {
    return running.cached() ? Optional.of(running) : Optional.empty();
  }

  /** The command line without it. */
  Launch plain() {
    return running.withoutCache();
  }

  /** The median of some starts on a data folder that exists. */
  ServerUnderTest.Ready median(Launch launch, int times) throws IOException {
    List<ServerUnderTest.Ready> all = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      all.add(ServerUnderTest.ready(launch, data, script));
    }
    all.sort(Comparator.comparingDouble(ServerUnderTest.Ready::millis));
    return all.get(times / 2);
  }
}
