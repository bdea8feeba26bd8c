package dev.jubal.testing;

import dev.jubal.platform.config.Secret;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.DatabaseConfig;
import dev.jubal.platform.sql.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A private PostgreSQL on a free port of the loopback, with passwords and with syncs to the disk,
 * as a user that is not root; ended by its pid when the tests are.
 */
public final class Postgres implements AutoCloseable {
  private static final String USER = "jubal";
  private static final String PASSWORD = "only-for-tests";
  private static final String TEMPLATE = "migrated";
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static @Nullable Postgres shared;

  private final Path folder;
  private final Path programs;
  private final int port;
  private Process process;

  private Postgres(Path folder, Path programs, int port) throws IOException {
    this.folder = folder;
    this.programs = programs;
    this.port = port;
    this.process = launched();
  }

  /** One for all tests of this JVM. */
  public static synchronized Postgres shared() {
    Postgres found = shared;
    if (found == null) {
      Postgres made = start();
      made.createTemplate();
      Runtime.getRuntime().addShutdownHook(new Thread(made::close));
      shared = made;
      found = made;
    }
    return found;
  }

  /** One of its own, to be killed. */
  public static Postgres start() {
    try {
      Path programs = programs();
      Path folder = Files.createTempDirectory("jubal-postgres");
      Path password = Files.writeString(folder.resolve("password"), PASSWORD);
      if (root()) {
        run(List.of("chown", "-R", "postgres", folder.toString()));
      }
      run(
          asUser(
              programs.resolve("initdb").toString(),
              "-D",
              folder.resolve("data").toString(),
              "-U",
              USER,
              "--pwfile=" + password,
              "--auth=scram-sha-256",
              "--encoding=UTF8",
              "--locale=C"));
      Postgres made = new Postgres(folder, programs, freePort());
      made.awaitUp();
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Debian keeps the programs of each version off the path. */
  private static Path programs() throws IOException {
    List<Path> places = new ArrayList<>();
    Path debian = Path.of("/usr/lib/postgresql");
    if (Files.isDirectory(debian)) {
      try (Stream<Path> versions = Files.list(debian)) {
        versions.sorted(Comparator.reverseOrder()).map(v -> v.resolve("bin")).forEach(places::add);
      }
    }
    for (String place : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      places.add(Path.of(place));
    }
    return places.stream()
        .filter(p -> Files.isExecutable(p.resolve("initdb")))
        .findFirst()
        .orElseThrow(
            () ->
                new AssertionError(
                    "PostgreSQL is missing (expected: initdb and postgres, as by: apt-get install"
                        + " -y postgresql)"));
  }

  private static boolean root() {
    return System.getProperty("user.name", "").equals("root");
  }

  /** It refuses to run as root. */
  private static List<String> asUser(String... command) {
    List<String> all = new ArrayList<>();
    if (root()) {
      all.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
    }
    all.addAll(List.of(command));
    return all;
  }

  private static void run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new AssertionError(command + " failed: " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private Process launched() throws IOException {
    return new ProcessBuilder(
            asUser(
                programs.resolve("postgres").toString(),
                "-D",
                folder.resolve("data").toString(),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "port=" + port,
                "-c",
                "unix_socket_directories=",
                "-c",
                "max_connections=200",
                "-c",
                "shared_buffers=32MB"))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("server.log").toFile()))
        .start();
  }

  private void awaitUp() {
    Await.until("PostgreSQL answers", this::up);
  }

  private boolean up() {
    try (Connection connection = admin("postgres")) {
      return connection.isValid(1);
    } catch (SQLException e) {
      return false;
    }
  }

  private Connection admin(String database) throws SQLException {
    return DriverManager.getConnection(url(database), USER, PASSWORD);
  }

  private String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  private void execute(String sql) {
    try (Connection connection = admin("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private void createTemplate() {
    execute("CREATE DATABASE " + TEMPLATE);
    try {
      Database.open(
              Files.createTempDirectory(folder.getParent(), "jubal-template"), config(TEMPLATE))
          .close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A new database without a table. */
  public DatabaseConfig empty() {
    String name = "test_" + NUMBER.incrementAndGet();
    execute("CREATE DATABASE " + name);
    return config(name);
  }

  /** A new database of this version's schema; of the shared server alone. */
  public DatabaseConfig migrated() {
    String name = "test_" + NUMBER.incrementAndGet();
    execute("CREATE DATABASE " + name + " TEMPLATE " + TEMPLATE);
    return config(name);
  }

  private DatabaseConfig config(String name) {
    return new DatabaseConfig(
        Optional.of(url(name)),
        Optional.of(USER),
        Optional.of(new Secret(PASSWORD)),
        4,
        Duration.ofSeconds(60));
  }

  /** A connection that is none of Jubal's. */
  public static Connection connect(DatabaseConfig config) throws SQLException {
    return DriverManager.getConnection(
        config.url().orElseThrow(),
        config.user().orElseThrow(),
        config.password().orElseThrow().reveal());
  }

  /** Waits until the server has seen that all connections to a database were closed. */
  public static void awaitNobody(DatabaseConfig config) throws SQLException {
    String others =
        "SELECT 1 FROM pg_stat_activity"
            + " WHERE datname = current_database() AND pid <> pg_backend_pid()";
    try (Connection connection = connect(config)) {
      Session session = Session.on(connection);
      Await.until("connections are gone", () -> session.list(others, row -> 1).isEmpty());
    }
  }

  /** As flags of a server. */
  public static String[] flags(DatabaseConfig config) {
    return new String[] {
      "database.url", config.url().orElseThrow(),
      "database.user", config.user().orElseThrow(),
      "database.password", config.password().orElseThrow().reveal(),
      "database.node-timeout", config.nodeTimeout().toSeconds() + "s"
    };
  }

  /** Where its files are: tables, their write-ahead log, and what it told its own log. */
  public Path files() {
    return folder;
  }

  /** SIGKILL to its first process; the others end by themselves. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Starts it again on the same port, as often as it takes until the killed one is gone. */
  public void restart() throws IOException {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    process = launched();
    while (!up()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("PostgreSQL did not start again");
      }
      if (!process.isAlive()) {
        process = launched();
      }
    }
  }

  @Override
  public void close() {
    process.destroy(); // SIGTERM waits for clients; SIGKILL after it, as nothing is kept
    process.destroyForcibly();
    try {
      process.waitFor();
      Leaks.note(files());
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // a process of it may still write; the folder is one of the temporary ones
    }
  }
}
