package dev.jubal.testing;

import dev.jubal.account.management.ManagementStore;
import dev.jubal.app.Config;
import dev.jubal.app.Jubal;
import dev.jubal.platform.artifact.Progress;
import dev.jubal.platform.sql.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The whole server on a free port, with a fresh data folder, a first key, a script behind every
 * name, a clock that stands, and request ids that count.
 */
public final class JubalServer implements AutoCloseable {
  /** Where the clock stands at the start. */
  public static final Instant START = Instant.parse("2026-11-24T12:00:00Z");

  private final Stores on;
  private final Path folder;
  private final SettableClock clock = new SettableClock(START);
  private final AtomicInteger ids;
  private final Map<String, String> flags;
  private final Jubal jubal;
  private final String key;

  private JubalServer(
      Stores on, Path folder, Map<String, String> flags, int firstId, Optional<String> key) {
    this.on = on;
    this.folder = folder;
    this.flags = flags;
    this.ids = new AtomicInteger(firstId);
    this.jubal =
        Jubal.start(
            Config.read(flags, Map.of()), new Jubal.Outside(clock, this::id, Progress.SILENT));
    this.key = key.orElseGet(() -> jubal.keys().firstStart().orElseThrow().secret().reveal());
  }

  /** A server whose every answer is the script's; {@code flags} are configuration keys. */
  public static JubalServer scripted(String script, String... flags) {
    return scripted(Stores.SQLITE, script, flags);
  }

  /** The same on a database of that kind. */
  public static JubalServer scripted(Stores on, String script, String... flags) {
    try {
      Path folder = Files.createTempDirectory("jubal-test");
      Path file = Files.writeString(folder.resolve("script.json"), script);
      Map<String, String> all = new LinkedHashMap<>();
      all.put("data-dir", folder.resolve("data").toString());
      all.put("server.port", "0");
      all.put("server.drain-delay", "0s");
      all.put("models.script", file.toString());
      String[] database = on.flags(folder.resolve("data"));
      for (int i = 0; i < database.length; i += 2) {
        all.put(database[i], database[i + 1]);
      }
      for (int i = 0; i < flags.length; i += 2) {
        all.put(flags[i], flags[i + 1]);
      }
      return new JubalServer(on, folder, all, 0, Optional.empty());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Another node on the same PostgreSQL, with the same keys, script and configuration. */
  public JubalServer beside() {
    try {
      Path other = Files.createTempDirectory("jubal-test");
      Map<String, String> all = new LinkedHashMap<>(flags);
      all.put("data-dir", other.resolve("data").toString());
      all.put("crypto.master-key-file", dataFolder().resolve("master.key").toString());
      return new JubalServer(on, other, all, 1_000_000, Optional.of(key));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String id() {
    return "00000000-0000-4000-8000-%012d".formatted(ids.incrementAndGet());
  }

  public int port() {
    return jubal.port();
  }

  public String key() {
    return key;
  }

  public Jubal jubal() {
    return jubal;
  }

  public SettableClock clock() {
    return clock;
  }

  public Path dataFolder() {
    return folder.resolve("data");
  }

  /**
   * Makes a management key and returns its secret.
   *
   * @param team the one team it manages; empty for all
   */
  public String managementKey(Optional<String> team, String... rights) {
    try (Database database = database()) {
      return new ManagementStore(database, clock)
          .create("test-" + ids.incrementAndGet(), team, List.of(rights), Optional.empty())
          .secret()
          .reveal();
    }
  }

  /** Opens its database beside it, as the commands do. */
  public Database database() {
    return on.open(dataFolder());
  }

  /** A client with the first key. */
  public Http http() {
    return new Http(port(), key);
  }

  /** A client with another key, or none when it is empty. */
  public Http http(String otherKey) {
    return new Http(port(), otherKey);
  }

  /** What it tells Prometheus. */
  public String metrics() {
    try {
      return http().get("/metrics").body();
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Fails unless its ledger is whole. */
  public void verified() {
    try (Database database = database()) {
      WholeLedger.in(database);
    }
  }

  @Override
  public void close() {
    jubal.close();
    Leaks.refuse(dataFolder());
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(JubalServer::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
