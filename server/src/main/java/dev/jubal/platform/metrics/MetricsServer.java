package dev.jubal.platform.metrics;

import dev.jubal.platform.http.Access;
import dev.jubal.platform.http.HttpConfig;
import dev.jubal.platform.http.HttpServer;
import dev.jubal.platform.http.OpenAiErrors;
import dev.jubal.platform.http.Route;
import dev.jubal.platform.http.Routes;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;

/** {@code /metrics} on a port of its own: without a key, and so on loopback alone. */
public final class MetricsServer implements AutoCloseable {
  private static final String LOOPBACK = "127.0.0.1";
  private static final long BODY_LIMIT = 64 * 1024;

  private final HttpServer server;

  /**
   * Listens at once.
   *
   * @param port 0 for a free one
   * @throws dev.jubal.platform.config.ConfigException when the port is taken
   */
  public MetricsServer(int port, ServerMetrics metrics, ScheduledExecutorService clock) {
    Routes routes = new Routes();
    routes.add(route(Access.PUBLIC, metrics));
    HttpConfig config =
        new HttpConfig(
            port,
            LOOPBACK,
            Optional.empty(),
            Optional.empty(),
            false,
            BODY_LIMIT,
            Duration.ofSeconds(1),
            Duration.ZERO,
            Duration.ofSeconds(15));
    this.server =
        new HttpServer(
            config,
            new HttpServer.Parts(
                routes,
                call -> null,
                new OpenAiErrors(),
                clock,
                () -> UUID.randomUUID().toString(),
                request -> {}));
    server.start();
  }

  /** The route, for this port or the main one. */
  public static Route route(Access access, ServerMetrics metrics) {
    return Route.get("/metrics")
        .access(access, "metrics")
        .summary("Shows the metrics in the text form of Prometheus.")
        .givesText("text/plain")
        .handle((call, out) -> out.text(200, "text/plain", metrics.scrape()));
  }

  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.close();
  }
}
