package dev.jubal.bench.process;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A PostgreSQL of the bench's own on a free port of the loopback, with the settings it comes with:
 * every commit is synced to the disk. It refuses to run as root, so it then runs as {@code
 * postgres}.
 */
public final class PostgresProcess implements AutoCloseable {
  private static final String USER = "jubal";
  private static final String BUFFERS = "1GB"; // its documentation: a quarter of the memory
  private static final String PASSWORD = "only-for-the-bench";
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private final Process process;
  private final int port;
  private final Thread hook;

  private PostgresProcess(Process process, int port) {
    this.process = process;
    this.port = port;
    this.hook = new Thread(process::destroyForcibly, "end-postgres");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * Starts one.
   *
   * @param folder for its data; when it holds some already, they are used
   * @throws IOException when PostgreSQL is not installed or does not start
   */
  public static PostgresProcess start(Path folder) throws IOException {
    Path programs = programs();
    Path data = folder.resolve("data");
    if (!Files.exists(data)) {
      make(folder, data, programs);
    }
    int port = freePort();
    Process process =
        new ProcessBuilder(
                asUser(
                    programs.resolve("postgres").toString(),
                    "-D",
                    data.toString(),
                    "-c",
                    "listen_addresses=127.0.0.1",
                    "-c",
                    "port=" + port,
                    "-c",
                    "unix_socket_directories=",
                    "-c",
                    "shared_buffers=" + BUFFERS))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    PostgresProcess made = new PostgresProcess(process, port);
    made.awaitUp(folder.resolve("log").toFile());
    return made;
  }

  private static void make(Path folder, Path data, Path programs) throws IOException {
    Files.createDirectories(folder);
    Path password = Files.writeString(folder.resolve("password"), PASSWORD);
    Files.createFile(folder.resolve("log"));
    if (root()) {
      run(List.of("chown", "-R", "postgres", folder.toString()));
    }
    run(
        asUser(
            programs.resolve("initdb").toString(),
            "-D",
            data.toString(),
            "-U",
            USER,
            "--pwfile=" + password,
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8"));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
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
                new IOException(
                    "PostgreSQL is missing (expected: initdb and postgres, as by: apt-get install"
                        + " -y postgresql)"));
  }

  private static boolean root() {
    return System.getProperty("user.name", "").equals("root");
  }

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
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(command + " failed: " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private void awaitUp(File log) throws IOException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!up()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        close();
        throw new IOException("PostgreSQL did not start: " + Files.readString(log.toPath()));
      }
      try {
        Thread.sleep(100); // between two looks: it tells nobody that it is up
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
  }

  private boolean up() {
    try (Connection connection = DriverManager.getConnection(url(), USER, PASSWORD)) {
      return connection.isValid(1);
    } catch (SQLException e) {
      return false;
    }
  }

  /** Its one database. */
  public String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
  }

  public String user() {
    return USER;
  }

  public String password() {
    return PASSWORD;
  }

  /** Processor time of all its processes that live now, in milliseconds. */
  public long cpuMillis() throws IOException {
    long sum = ProcStat.of(process.pid()).cpuMillis();
    for (ProcessHandle child : process.toHandle().descendants().toList()) {
      try {
        sum += ProcStat.of(child.pid()).cpuMillis();
      } catch (java.nio.file.NoSuchFileException e) {
        // it has just ended
      }
    }
    return sum;
  }

  /** Ends it in the way that leaves nothing to recover. */
  @Override
  public void close() {
    // SIGTERM waits for clients, of which there are none any more
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        process.waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // this process is ending too, and the hook does the rest
    }
  }
}
