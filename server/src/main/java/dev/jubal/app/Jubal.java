package dev.jubal.app;

import dev.jubal.account.admission.Admittance;
import dev.jubal.account.keys.KeyStore;
import dev.jubal.account.lease.Leases;
import dev.jubal.account.ledger.Ledger;
import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.ledger.SqlLedger;
import dev.jubal.account.limits.Lending;
import dev.jubal.api.Feature;
import dev.jubal.api.GenerationEndpoint;
import dev.jubal.api.account.AccountFeature;
import dev.jubal.api.chat.ChatFeature;
import dev.jubal.api.complete.CompleteFeature;
import dev.jubal.api.completions.CompletionsFeature;
import dev.jubal.api.embeddings.EmbeddingsFeature;
import dev.jubal.api.health.HealthFeature;
import dev.jubal.api.messages.MessagesFeature;
import dev.jubal.api.metrics.MetricsFeature;
import dev.jubal.api.models.ModelsFeature;
import dev.jubal.api.openapi.OpenApiFeature;
import dev.jubal.api.responses.ResponsesFeature;
import dev.jubal.api.token.TokenFeature;
import dev.jubal.api.tokenize.TokenizeFeature;
import dev.jubal.api.xaigrpc.Remembered;
import dev.jubal.api.xaigrpc.XaiGrpc;
import dev.jubal.app.cli.Version;
import dev.jubal.app.telemetry.Observing;
import dev.jubal.backend.llama.EngineMeters;
import dev.jubal.inference.Generator;
import dev.jubal.inference.Router;
import dev.jubal.inference.catalogue.Catalogue;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.inference.catalogue.ModelRoutes;
import dev.jubal.inference.embedding.Embedder;
import dev.jubal.inference.memory.Compaction;
import dev.jubal.inference.memory.SqlResponseMemory;
import dev.jubal.inference.reasoning.ThoughtSeal;
import dev.jubal.inference.sight.Sight;
import dev.jubal.inference.sight.SightMeters;
import dev.jubal.inference.webhook.Webhooks;
import dev.jubal.inference.work.DurableWork;
import dev.jubal.platform.artifact.Progress;
import dev.jubal.platform.grpc.RpcServer;
import dev.jubal.platform.grpc.Rpcs;
import dev.jubal.platform.http.ErrorRenderer;
import dev.jubal.platform.http.HttpServer;
import dev.jubal.platform.http.OpenAiErrors;
import dev.jubal.platform.http.Routes;
import dev.jubal.platform.http.XaiErrors;
import dev.jubal.platform.metrics.MetricsServer;
import dev.jubal.platform.metrics.ServerMetrics;
import dev.jubal.platform.net.PublicHttp;
import dev.jubal.platform.net.Resolver;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** The whole product, put together top to bottom: a running server until {@link #close}. */
public final class Jubal implements AutoCloseable {
  private static final Duration HEAL = Duration.ofSeconds(5);
  // how soon another node gets what is not used here
  private static final Duration LEND = Duration.ofMillis(50);

  private final Config config;
  private final Outside outside;
  private final ErrorRenderer errors;
  private final Storage storage;
  private final Backends backends;
  private final ServerMetrics metrics;
  private final Observing observing;
  private final Optional<MetricsServer> metricsServer;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("clock").factory());
  private final Readiness readiness = new Readiness();
  private final PublicHttp callersAddresses;
  private final Optional<Leases> leases;
  private final Alerting alerting;
  private final Money money;
  private final Admittance admittance;
  private final DurableWork work;
  private final SignIn signIn;
  private final HttpServer server;
  private final RpcServer rpcs;
  private final String behind;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * What comes from outside of the configuration, so that tests can set it.
   *
   * @param now the wall clock
   * @param requestIds gives each request its id
   * @param progress is told what a first start fetches
   */
  public record Outside(InstantSource now, Supplier<String> requestIds, Progress progress) {
    public static Outside real(Progress progress) {
      return new Outside(InstantSource.system(), new RequestIds(InstantSource.system()), progress);
    }
  }

  private Jubal(Config config, Outside outside) {
    this.config = config;
    this.outside = outside;
    this.metrics = new ServerMetrics(config.metrics());
    this.observing = new Observing(config.log(), config.telemetry(), Version.current(), metrics);
    this.errors = errors(config.compat().errors());
    InstantSource now = outside.now();
    this.storage = Storage.open(config, now);
    this.callersAddresses = new PublicHttp(config.net(), Resolver.system());
    Doors doors = Doors.open(config.oidc(), storage, now, metrics);
    Backends made =
        Backends.open(
            config, new ModelRoutes(storage.database(), now).all(), outside.progress(), metrics);
    this.backends = made;
    Catalogue catalogue = made.catalogue();
    Router router = new Router(made.byName());
    this.alerting = new Alerting(config, storage, metrics, now);
    Ledger metered = metered();
    this.leases = Neighbours.open(storage, metrics, now);
    this.money = money(metered, catalogue);
    Optional<Lending> lent = leases.map(Lending::new);
    this.admittance = admittance(doors, lent);
    Embedder embedder =
        new Embedder(catalogue, made.embeddings(), metered, now, admittance, money.prices());
    Generator generator = generator(catalogue, router, metered);

    this.work = new DurableWork(generator, doors.gate()::holder, workParts(), config.work());
    this.behind = behind(made);
    this.signIn = doors.signIn();
    Routes routes = new Routes();
    features(generator, embedder, router).forEach(feature -> feature.register(routes));
    doors.register(catalogue, routes);
    KeyGuard guard = doors.guard();
    this.rpcs =
        new RpcServer(
            config.grpc(),
            new RpcServer.Parts(
                methods(generator, embedder, router), guard, outside.requestIds(), observing));
    this.server =
        new HttpServer(
            config.server(),
            new HttpServer.Parts(
                routes,
                guard,
                errors,
                clock,
                outside.requestIds(),
                observing,
                Optional.of(rpcs),
                config.cors()));
    show(server, metrics);
    made.engines().ifPresent(host -> EngineMeters.bind(host, config.engine().slots(), metrics));
    remember(storage.responses());
    heal(storage.ledger());
    every(config.budget().refresh(), "money", money::refresh);
    leases.ifPresent(from -> every(LEND, "leases", from::tick));
    lent.ifPresent(limits -> every(config.budget().refresh(), "limits", limits::tend));
    this.metricsServer =
        config.metrics().port().map(port -> new MetricsServer(port, metrics, clock));
  }

  private Ledger metered() {
    return MeteredLedger.of(storage.ledger(), metrics).telling(alerting.minutes()::settled);
  }

  private Money money(Ledger metered, Catalogue catalogue) {
    return Money.open(
        config,
        storage,
        new Money.Parts(
            leases, metered, metrics, outside.now(), alerting.refused(), catalogue.tools()));
  }

  /** What stands against a request, the cheapest to ask first. */
  private Admittance admittance(Doors doors, Optional<Lending> lent) {
    return new Admittance(
        List.of(
            doors.endUsers(metrics),
            Limiting.guard(config, storage, lent, metrics, outside.now()),
            money.budgets()));
  }

  private Generator generator(Catalogue catalogue, Router router, Ledger metered) {
    return new Generator(
        catalogue,
        router,
        metered,
        new Generator.GenerationConfig(
            config.compat().lenient(),
            config.timeouts(),
            new Sight(config.sight(), callersAddresses, new SightMeters(metrics), System.getenv()),
            admittance,
            money.prices(),
            observing::began),
        clock,
        outside.now(),
        this::disagreed);
  }

  private static String behind(Backends made) {
    return made.catalogue().models().stream()
        .filter(m -> m.kind() == Model.Kind.LANGUAGE)
        .findFirst()
        .map(m -> made.weights(m).name())
        .orElse("nothing");
  }

  private static void show(HttpServer server, ServerMetrics metrics) {
    metrics.gauge("jubal.requests.running", "Requests that run now.", server.inFlight()::count);
    metrics.gauge("jubal.connections.open", "Connections that are open.", server::connections);
    metrics.gauge(
        "jubal.bodies.unfinished.bytes", "Bytes of bodies not there yet.", server::unfinished);
    metrics.gauge("jubal.websockets.open", "WebSockets that are open.", server::sockets);
  }

  /** Shows what is remembered, and forgets what has expired. */
  private void remember(SqlResponseMemory responses) {
    metrics.counter(
        "jubal.responses.stored",
        "Responses stored, each state once.",
        () -> responses.counters().stored());
    metrics.counter(
        "jubal.responses.deleted",
        "Stored responses deleted by their team.",
        () -> responses.counters().deleted());
    metrics.counter(
        "jubal.responses.expired",
        "Stored responses deleted when their time was over.",
        () -> responses.counters().expired());
    metrics.counter(
        "jubal.responses.refused",
        "Requests refused as their team had as many stored responses as it may have.",
        () -> responses.counters().refused());
    metrics.gauge(
        "jubal.responses.kept", "Stored responses.", () -> responses.amount().responses());
    metrics.gauge(
        "jubal.responses.kept.bytes",
        "Bytes of stored responses, sealed.",
        () -> responses.amount().bytes());
    every(config.memory().sweepEvery(), "sweep", responses::sweep);
  }

  private void every(Duration pause, String name, Runnable work) {
    var _ =
        clock.scheduleWithFixedDelay(
            () -> Thread.ofVirtual().name(name).start(work),
            0,
            pause.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /** Shows that this node lives, and mends what an outage of the database left. */
  private void heal(SqlLedger ledger) {
    var _ =
        clock.scheduleWithFixedDelay(
            () -> Thread.ofVirtual().name("heal").start(ledger::heal),
            HEAL.toMillis(),
            HEAL.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private DurableWork.Parts workParts() {
    return new DurableWork.Parts(
        storage.database(),
        storage.vault(),
        new LedgerReader(storage.database())::find,
        outside.now(),
        clock,
        metrics,
        new Webhooks(
            storage.database(), storage.vault(), outside.now(), callersAddresses, metrics));
  }

  /** Everything it offers. */
  private List<Feature> features(Generator generator, Embedder embedder, Router router) {
    GenerationEndpoint generation = new GenerationEndpoint(generator, work);
    return List.of(
        new ChatFeature(
            generation, errors, config.compat().toolDeltas() == CompatConfig.ToolDeltas.OPENAI),
        new ResponsesFeature(
            generation,
            errors,
            outside.now(),
            storage.responses(),
            new ThoughtSeal(storage.portable()),
            new Compaction(storage.portable(), backends.catalogue(), generator),
            backends.catalogue()),
        new MessagesFeature(
            generation,
            new ThoughtSeal(storage.portable()),
            config.compat().toolDeltas() == CompatConfig.ToolDeltas.OPENAI),
        new CompleteFeature(generation),
        new CompletionsFeature(generation, errors),
        new EmbeddingsFeature(embedder),
        new TokenizeFeature(backends.catalogue(), router),
        new ModelsFeature(backends.catalogue(), backends::weights, outside.now()),
        new AccountFeature(storage.keys()::get),
        new TokenFeature(
            storage.tokens(),
            outside.now(),
            () -> metrics.add("jubal.client.tokens", "Client tokens made for browsers.", 1)),
        new HealthFeature(() -> !readiness.ready()),
        new MetricsFeature(metrics),
        alerting.feature(),
        new OpenApiFeature(Version.current(), errors));
  }

  /** Everything it offers over gRPC. */
  private Rpcs methods(Generator generator, Embedder embedder, Router router) {
    Rpcs methods = new Rpcs();
    new XaiGrpc(
            new XaiGrpc.Parts(
                new GenerationEndpoint(generator, work),
                embedder,
                backends.catalogue(),
                router,
                backends::weights,
                storage.keys()::get,
                outside.now(),
                work,
                new Remembered(
                    storage.responses(),
                    new ThoughtSeal(storage.portable()),
                    new Compaction(storage.portable(), backends.catalogue(), generator))))
        .register(methods);
    return methods;
  }

  /**
   * Starts a server.
   *
   * @throws dev.jubal.platform.config.ConfigException when the configuration does not permit it
   */
  public static Jubal start(Config config, Outside outside) {
    Jubal jubal = new Jubal(config, outside);
    jubal.work.start();
    jubal.alerting.start(jubal::every);
    jubal.every(
        config.tiers().raiseEvery(), "tiers", Limiting.raising(jubal.storage, jubal.metrics));
    jubal.server.start();
    return jubal;
  }

  private void disagreed(String cause) {
    metrics.add(
        "jubal.schema.disagreements",
        "Answers of constrained weights that a second validator finds wrong.",
        1,
        "cause",
        cause);
  }

  private static ErrorRenderer errors(CompatConfig.ErrorForm form) {
    return switch (form) {
      case OPENAI -> new OpenAiErrors();
      case XAI -> new XaiErrors();
    };
  }

  public int port() {
    return server.port();
  }

  /** What answers under the Grok names, such as llama/smollm2-135m-instruct. */
  public String behindGrokNames() {
    return behind;
  }

  public KeyStore keys() {
    return storage.keys();
  }

  /**
   * Stops in the way a load balancer can follow: not ready at once, still serving for the delay,
   * then no new requests, then the end of the running ones within the limit.
   */
  public void drain() throws InterruptedException {
    readiness.drain();
    rpcs.leave();
    server.leave();
    Thread.sleep(config.server().drainDelay());
    server.drain();
    close();
  }

  /** Ends at once what runs; again, or after {@link #drain}, it does nothing. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    server.close();
    work.close();
    alerting.close();
    metricsServer.ifPresent(MetricsServer::close);
    backends.close();
    callersAddresses.close();
    signIn.close();
    storage.close();
    clock.shutdownNow();
    observing.close();
    metrics.close();
  }
}
