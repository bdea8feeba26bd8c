package dev.jubal.testing;

import dev.jubal.account.Principal;
import dev.jubal.account.admission.Admittance;
import dev.jubal.account.ledger.Price;
import dev.jubal.account.limits.Quota;
import dev.jubal.account.price.Tariff;
import dev.jubal.api.Feature;
import dev.jubal.api.GenerationEndpoint;
import dev.jubal.api.chat.ChatFeature;
import dev.jubal.api.complete.CompleteFeature;
import dev.jubal.api.completions.CompletionsFeature;
import dev.jubal.api.messages.MessagesFeature;
import dev.jubal.api.openapi.OpenApiFeature;
import dev.jubal.api.responses.ResponsesFeature;
import dev.jubal.api.xaigrpc.Remembered;
import dev.jubal.api.xaigrpc.XaiGrpc;
import dev.jubal.backend.scripted.ScriptedBackend;
import dev.jubal.inference.Backend;
import dev.jubal.inference.EventSink;
import dev.jubal.inference.ForwardingBackend;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.Generator;
import dev.jubal.inference.Requester;
import dev.jubal.inference.Router;
import dev.jubal.inference.TimeoutConfig;
import dev.jubal.inference.catalogue.Catalogue;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.inference.embedding.Embedder;
import dev.jubal.inference.memory.Compaction;
import dev.jubal.inference.reasoning.ReasoningConfig;
import dev.jubal.inference.reasoning.ThoughtSeal;
import dev.jubal.inference.reasoning.TwoPass;
import dev.jubal.platform.grpc.GrpcConfig;
import dev.jubal.platform.grpc.RpcServer;
import dev.jubal.platform.grpc.Rpcs;
import dev.jubal.platform.http.ErrorRenderer;
import dev.jubal.platform.http.HttpConfig;
import dev.jubal.platform.http.HttpServer;
import dev.jubal.platform.http.Routes;
import dev.jubal.platform.time.Cancellation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The generation dialects, and their description, over the scripted backend on a port of its own:
 * no keys, the ledger in memory, request ids that count from 1, and the clock standing still at
 * {@link #NOW}.
 */
public final class ScriptedServer implements AutoCloseable {
  public static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  /** Takes every parameter. */
  public static final String MODEL = "grok-scripted";

  /** Refuses stop and penalties, and allows the efforts low and high. */
  public static final String REASONING_MODEL = "grok-scripted-reasoning";

  private static final String SILENCE = "{\"answers\":[{\"steps\":[]}]}";

  static final Principal CALLER =
      new Principal("key", "test", "xai-...test", "user", "team", List.of("api-key:model:*"));

  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final AtomicInteger requests = new AtomicInteger();
  private final List<String> disagreements = new CopyOnWriteArrayList<>();
  private final StoredExamples stored = new StoredExamples();
  private final MemoryLedger ledger = new MemoryLedger();
  private final Routes routes = new Routes();
  private final Rpcs rpcs = new Rpcs();
  private final SettableGuard limits = new SettableGuard();
  private final SettableBudget budget;
  private final ScriptedWork work;
  private final HttpServer server;
  private volatile @Nullable GenerationRequest asked;
  private volatile Backend backend = ScriptedBackend.of(SILENCE.getBytes(StandardCharsets.UTF_8));

  public ScriptedServer(ErrorRenderer errors) {
    this(errors, false);
  }

  /** {@code splitCalls}: whether chat streams calls in pieces. */
  public ScriptedServer(ErrorRenderer errors, boolean splitCalls) {
    Catalogue catalogue =
        new Catalogue(List.of(model(MODEL, Model.Rules.FREE), model(REASONING_MODEL, RULES)));
    this.budget = new SettableBudget(stored.database(), () -> NOW, CALLER.teamId());
    Generator generator =
        new Generator(
            catalogue,
            new Router(Map.of("scripted", new TwoPass(new Stage(), ReasoningConfig.STANDARD))),
            ledger,
            new Generator.GenerationConfig(
                false,
                new TimeoutConfig(
                    Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofHours(1)),
                Blind.sight(),
                new Admittance(List.of(limits, budget)),
                Tariff.PUBLISHED),
            clock,
            () -> NOW,
            disagreements::add);
    ledger.keepIn(stored.database());
    this.work = new ScriptedWork(generator, ledger, () -> NOW, clock, stored.database());
    features(generator, catalogue, errors, splitCalls).forEach(f -> f.register(routes));
    this.server =
        new HttpServer(
            config(),
            new HttpServer.Parts(
                routes,
                call -> CALLER,
                errors,
                clock,
                this::nextId,
                finished -> {},
                Optional.of(grpc(generator, catalogue))));
    server.start();
  }

  private RpcServer grpc(Generator generator, Catalogue catalogue) {
    Router router = new Router(Map.of("scripted", new Stage()));
    new XaiGrpc(
            new XaiGrpc.Parts(
                new GenerationEndpoint(generator, work),
                new Embedder(catalogue, Map.of(), ledger, () -> NOW),
                catalogue,
                router,
                m -> router.backend(m).weights(m),
                id -> Optional.empty(),
                () -> NOW,
                work,
                new Remembered(
                    stored.memory(),
                    new ThoughtSeal(new PlainVault()),
                    new Compaction(new PlainVault(), catalogue, generator))))
        .register(rpcs);
    return new RpcServer(
        new GrpcConfig(20 << 20),
        new RpcServer.Parts(rpcs, (rpc, header) -> CALLER, this::nextId, finished -> {}));
  }

  private static final Model.Rules RULES =
      new Model.Rules(
          true,
          List.of("stop", "presence_penalty", "frequency_penalty"),
          List.of("low", "high"),
          Optional.of("low"));

  private List<Feature> features(
      Generator generator, Catalogue catalogue, ErrorRenderer errors, boolean splitCalls) {
    GenerationEndpoint endpoint = new GenerationEndpoint(generator, work);
    return List.of(
        new ChatFeature(endpoint, errors, splitCalls),
        new ResponsesFeature(
            endpoint,
            errors,
            () -> NOW.plusSeconds(2),
            stored.memory(),
            new ThoughtSeal(new PlainVault()),
            new Compaction(new PlainVault(), catalogue, generator),
            catalogue),
        new CompletionsFeature(endpoint, errors),
        new MessagesFeature(endpoint, new ThoughtSeal(new PlainVault()), splitCalls),
        new CompleteFeature(endpoint),
        new OpenApiFeature("test", errors));
  }

  private static Model model(String id, Model.Rules rules) {
    return new Model(
        id,
        List.of(id + "-latest"),
        Model.Kind.LANGUAGE,
        new Model.Published(
            131_072, Optional.empty(), List.of("text"), List.of("text"), "xai", NOW),
        rules,
        List.of(
            new Price(Instant.EPOCH, new Price.Rate(100, 10, 1000), 0, Price.Rate.FREE, "test")),
        "scripted",
        "script",
        Model.Defaults.NONE);
  }

  private static HttpConfig config() {
    return new HttpConfig(
        0,
        "127.0.0.1",
        Optional.empty(),
        Optional.empty(),
        false,
        33_554_432,
        Duration.ofSeconds(5),
        Duration.ZERO,
        Duration.ofSeconds(15));
  }

  /** From now on the backend plays this, and request ids and ledger begin anew. */
  public void script(String json) {
    backend = ScriptedBackend.of(json.getBytes(StandardCharsets.UTF_8));
    requests.set(0);
    stored.reset(CALLER);
    ledger.admissions().clear();
    ledger.settlements().clear();
    disagreements.clear();
    limits.set(Map.of());
    budget.set(OptionalLong.empty());
  }

  /** From now until the next script its team may spend so much a day, in ticks of 1e-10 USD. */
  public void budget(OptionalLong ticks) {
    budget.set(ticks);
  }

  /** From now until the next script this is how much of each the caller may have a minute. */
  public void limit(Map<Quota, Long> most) {
    limits.set(most);
  }

  private String nextId() {
    return "00000000-0000-4000-8000-%012d".formatted(requests.incrementAndGet());
  }

  /** The routes of the dialects. */
  public Routes routes() {
    return routes;
  }

  /** The methods of gRPC. */
  public Rpcs rpcs() {
    return rpcs;
  }

  public int port() {
    return server.port();
  }

  public Http http() {
    return new Http(port(), "");
  }

  /** Causes of what the second validator found since the script was set. */
  public List<String> disagreements() {
    return disagreements;
  }

  /** What the backend was asked last. */
  public GenerationRequest asked() {
    return Objects.requireNonNull(asked, "nothing was asked");
  }

  public MemoryLedger ledger() {
    return ledger;
  }

  /** The backend of the script that is set. */
  private final class Stage extends ForwardingBackend {
    @Override
    protected Backend next() {
      return backend;
    }

    @Override
    public void generate(
        GenerationRequest request,
        Model model,
        Requester requester,
        EventSink sink,
        Cancellation cancel) {
      asked = request;
      super.generate(request, model, requester, sink, cancel);
    }
  }

  @Override
  public void close() {
    server.close();
    work.close();
    stored.close();
    clock.shutdownNow();
  }
}
