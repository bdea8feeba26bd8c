package dev.jubal.app;

import dev.jubal.account.keys.IssuedKey;
import dev.jubal.app.cli.ConsoleProgress;
import dev.jubal.app.cli.DataDir;
import dev.jubal.app.cli.Terminal;
import dev.jubal.platform.json.Json;
import dev.jubal.platform.log.Redaction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/**
 * Sets up what is missing, runs the server, and drains it at SIGTERM.
 *
 * <p>Once it listens, {@code server.json} in the data folder says where, for scripts.
 */
@Command(
    name = "serve",
    description = "Set up what is missing and run the server.",
    footer = {"", "Any configuration key is an option too, such as --timeouts.first-token=2m."})
final class ServeCommand implements Callable<Integer> {
  @Mixin private final DataDir dataDir = new DataDir();
  private final Terminal terminal;

  @Option(names = "--port", description = "Port; 0 takes a free one (default: 8080).")
  private @Nullable String port;

  @Option(names = "--host", description = "Address to listen on (default: 127.0.0.1).")
  private @Nullable String host;

  @Option(
      names = "--tls-cert",
      description = "Certificate chain in PEM; with --tls-key turns TLS on.")
  private @Nullable String tlsCert;

  @Option(names = "--tls-key", description = "Private key in PEM.")
  private @Nullable String tlsKey;

  @Option(
      names = "--behind-proxy",
      description = "A proxy in front ends TLS: permits plain text beyond loopback.")
  private boolean behindProxy;

  @Option(names = "--offline", description = "Never touch the network; say what is missing.")
  private boolean offline;

  @Option(names = "--no-aliases", description = "Do not offer the names of the Grok API.")
  private boolean noAliases;

  @Option(
      names = "--drain",
      description = "Longest wait for running requests at a stop (default: 30s).")
  private @Nullable String drain;

  @Option(
      names = "--drain-delay",
      description = "How long a stopping server still takes requests (default: 2s).")
  private @Nullable String drainDelay;

  @Unmatched private List<String> dotted = new ArrayList<>();

  ServeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    Config config = Config.read(flags(), System.getenv());
    Logs.configure(config.log(), Redaction.of(config));
    Jubal jubal = Jubal.start(config, Jubal.Outside.real(new ConsoleProgress(terminal)));
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(jubal, config, stopped), "stop"));
    announce(jubal, config);
    stopped.await();
    return 0;
  }

  private Map<String, String> flags() {
    Map<String, String> flags = new LinkedHashMap<>(Flags.read(dotted));
    flags.put("data-dir", dataDir.path().toString());
    put(flags, "server.port", port);
    put(flags, "server.host", host);
    put(flags, "server.tls-cert", tlsCert);
    put(flags, "server.tls-key", tlsKey);
    put(flags, "server.drain", drain);
    put(flags, "server.drain-delay", drainDelay);
    put(flags, "server.behind-proxy", behindProxy ? "true" : null);
    put(flags, "models.aliases", noAliases ? "false" : null);
    put(flags, "models.offline", offline ? "true" : null);
    return flags;
  }

  private static void put(Map<String, String> flags, String key, @Nullable String value) {
    if (value != null) {
      flags.put(key, value);
    }
  }

  private void stop(Jubal jubal, Config config, CountDownLatch stopped) {
    try {
      jubal.drain();
      Files.deleteIfExists(place(config));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      terminal
          .err()
          .println("jubal: " + place(config) + " could not be deleted: " + e.getMessage());
    } finally {
      stopped.countDown();
    }
  }

  private static Path place(Config config) {
    return config.dataFolder().resolve("server.json");
  }

  private void announce(Jubal jubal, Config config) throws IOException {
    Optional<IssuedKey> first = jubal.keys().firstStart();
    String scheme = config.server().tlsCert().isPresent() ? "https" : "http";
    String url = scheme + "://" + config.server().host() + ":" + jubal.port();
    writePlace(config, url, jubal.port());
    Greeting greeting = new Greeting(url, jubal.behindGrokNames(), config.models().aliases());
    greeting.print(terminal.out(), first.map(k -> k.secret().reveal()));
  }

  private static void writePlace(Config config, String url, int port) throws IOException {
    Path draft = config.dataFolder().resolve("server.json.part");
    Files.write(
        draft, Json.bytes(Map.of("url", url, "port", port, "pid", ProcessHandle.current().pid())));
    Files.move(draft, place(config), StandardCopyOption.ATOMIC_MOVE);
  }
}
