package dev.jubal.platform.http;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.metric.NoopMeterRegistry;
import com.linecorp.armeria.common.util.EventLoopGroups;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerPort;
import dev.jubal.platform.config.ConfigException;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.http.browser.Cors;
import dev.jubal.platform.http.browser.CorsConfig;
import dev.jubal.platform.http.edge.Connections;
import dev.jubal.platform.http.edge.Intake;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The port: HTTP/1.1 and HTTP/2, plain or TLS. Every framework time-out is off, since the limits of
 * a request are the generator's; a stop drains.
 */
public final class HttpServer implements AutoCloseable {
  /** How long cancelled requests get to say so. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Server server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final InFlight inFlight = new InFlight();
  private final Sockets sockets;
  private final HttpConfig config;
  private final Intake intake;
  private final Connections connections;
  private final EventLoopGroup eventLoops =
      EventLoopGroups.newEventLoopGroup(Runtime.getRuntime().availableProcessors());
  private final Set<Channel> listening = ConcurrentHashMap.newKeySet();

  /**
   * What a server is made of.
   *
   * @param requestIds gives each request its id
   * @param observer is told of each finished request
   * @param protocol what else the port speaks
   * @param cors which pages may call
   */
  public record Parts(
      Routes routes,
      Guard guard,
      ErrorRenderer errors,
      ScheduledExecutorService clock,
      Supplier<String> requestIds,
      RequestObserver observer,
      Optional<Protocol> protocol,
      CorsConfig cors) {

    /** A server that no page of another origin may call. */
    public Parts(
        Routes routes,
        Guard guard,
        ErrorRenderer errors,
        ScheduledExecutorService clock,
        Supplier<String> requestIds,
        RequestObserver observer,
        Optional<Protocol> protocol) {
      this(routes, guard, errors, clock, requestIds, observer, protocol, CorsConfig.OFF);
    }

    /** A server of routes alone. */
    public Parts(
        Routes routes,
        Guard guard,
        ErrorRenderer errors,
        ScheduledExecutorService clock,
        Supplier<String> requestIds,
        RequestObserver observer) {
      this(routes, guard, errors, clock, requestIds, observer, Optional.empty());
    }
  }

  public HttpServer(HttpConfig config, Parts parts) {
    this.config = config;
    Cors cors = new Cors(parts.cors(), e -> Sockets.refusal(parts, e, parts.requestIds().get()));
    this.sockets = new Sockets(config, parts, cors, threads, inFlight);
    this.intake = new Intake(config.intake(), parts.observer()::turnedAway);
    this.connections = new Connections(config.intake(), parts.observer()::turnedAway);
    ServerBuilder b = Server.builder();
    if (cors.open()) {
      b.decorator(cors);
    }
    this.server =
        build(b, config, new Listener(config, parts, threads, inFlight, intake), parts.protocol());
  }

  /**
   * Loads the framework by building a server that is never started. It takes a good part of a
   * start, and can happen on another core while the configuration is read and the database is
   * opened.
   */
  public static void warmUp() {
    var _ =
        Server.builder()
            .http(0)
            .service("/", (_, _) -> HttpResponse.of(200))
            .meterRegistry(NoopMeterRegistry.get()) // the one that starts has the meters
            .build();
  }

  private Server build(
      ServerBuilder b, HttpConfig config, Listener listener, Optional<Protocol> protocol) {
    boolean tls = config.tlsCert().isPresent();
    refuseOpen(config, tls);
    InetSocketAddress address = new InetSocketAddress(address(config.host()), config.port());
    if (tls) {
      // both are told apart by a connection's first byte; see PlainTextGate for who may go without
      b.port(new ServerPort(address, SessionProtocol.HTTP, SessionProtocol.HTTPS))
          .tlsProvider(
              com.linecorp.armeria.common.TlsProvider.of(
                  com.linecorp.armeria.common.TlsKeyPair.of(
                      file(config.tlsKey()), file(config.tlsCert()))));
    } else {
      b.http(address);
    }
    sockets.bind(b);
    protocol.ifPresent(p -> b.service(p.service(inFlight, threads, intake)));
    return b.serviceUnder("/", listener(listener, protocol))
        .workerGroup(eventLoops, false)
        .requestTimeout(Duration.ZERO)
        // clients of gRPC keep a connection between calls by pings
        .idleTimeout(Duration.ofMinutes(5), true)
        .maxRequestLength(0)
        // every failure is told by the one catch; a client that leaves is none
        .unloggedExceptionsReportInterval(Duration.ZERO)
        .http2MaxStreamsPerConnection(config.intake().streams())
        .http2MaxResetFramesPerWindow(config.intake().resets(), 60)
        .http2MaxHeaderListSize(config.intake().headLimit())
        .http1MaxHeaderSize(config.intake().headLimit())
        .childChannelPipelineCustomizer(p -> accepted(p, tls))
        .childChannelOption(io.netty.channel.ChannelOption.TCP_NODELAY, true)
        .gracefulShutdownTimeout(Duration.ZERO, Duration.ZERO)
        .errorHandler(listener.refusals())
        .disableServerHeader()
        .disableDateHeader()
        .build();
  }

  private static HttpService listener(Listener routes, Optional<Protocol> protocol) {
    return protocol
        .<HttpService>map(
            p ->
                (context, request) -> {
                  Optional<HttpResponse> answer = p.unknown(context, request);
                  return answer.isPresent() ? answer.get() : routes.serve(context, request);
                })
        .orElse(routes);
  }

  private void accepted(ChannelPipeline pipeline, boolean tls) {
    // the only way to the listening socket: the parent of whatever it accepts
    listening.add(pipeline.channel().parent());
    connections.accepted(pipeline);
    if (tls) {
      pipeline.addFirst(new PlainTextGate());
    }
  }

  /** Plain text beyond loopback would show keys to the network: the operator must permit it. */
  private static void refuseOpen(HttpConfig config, boolean tls) {
    if (!tls && !config.behindProxy() && !address(config.host()).isLoopbackAddress()) {
      throw new ConfigException(
          "server.host "
              + config.host()
              + " is reachable from other machines, and without TLS keys would cross the network in"
              + " plain text. Give --tls-cert and --tls-key, or, if a proxy in front ends TLS, add"
              + " --behind-proxy.");
    }
  }

  private static InetAddress address(String host) {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new ConfigException(
          "server.host: \"" + host + "\" (expected: an address of this machine).");
    }
  }

  private static java.io.File file(Optional<Path> path) {
    return path.filter(java.nio.file.Files::isReadable)
        .orElseThrow(
            () ->
                new ConfigException(
                    "server.tls-cert and server.tls-key: "
                        + path.map(Path::toString).orElse("absent")
                        + " (expected: two readable PEM files)."))
        .toFile();
  }

  /**
   * Begins to listen.
   *
   * @throws ConfigException when the port is taken
   */
  public void start() {
    try {
      server.start().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof BindException
          || String.valueOf(e.getCause()).contains("already in use")) {
        throw new ConfigException(
            "server.port "
                + config.port()
                + " on "
                + config.host()
                + " is in use (expected: a free port; --port 0 takes any).");
      }
      throw e;
    }
  }

  public int port() {
    return server.activeLocalPort();
  }

  public InFlight inFlight() {
    return inFlight;
  }

  /** Bytes of bodies that are not there yet. */
  public long unfinished() {
    return intake.used();
  }

  /** How many connections are open. */
  public int connections() {
    return connections.count();
  }

  /** How many WebSockets are open. */
  public int sockets() {
    return sockets.count();
  }

  /** Asks clients that keep connections to go elsewhere; requests are still served. */
  public void leave() {
    inFlight.leave();
  }

  /**
   * Closes the listening socket, lets running requests finish within the limit, and ends the rest
   * with a typed error. A request on a connection that stayed open is a 503 from now on.
   */
  public void drain() throws InterruptedException {
    inFlight.leave();
    inFlight.refuseNew();
    sockets.stop();
    listening.forEach(channel -> channel.close().awaitUninterruptibly());
    if (!inFlight.awaitNone(config.drain())) {
      inFlight.cancelAll(
          new ApiException(
              ErrorCode.SERVICE_UNAVAILABLE,
              "The server is stopping and server.drain ("
                  + config.drain().toSeconds()
                  + " s) is over."));
      inFlight.awaitNone(GRACE);
    }
    sockets.awaitNone(GRACE);
  }

  @Override
  public void close() {
    CompletableFuture<Void> stop = server.stop();
    if (listening.isEmpty()) {
      stop.join();
    }
    // the framework's accepting thread lingers for two seconds more; the port is free before that
    listening.forEach(channel -> channel.closeFuture().awaitUninterruptibly());
    var _ = eventLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    threads.shutdown();
    try {
      if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
