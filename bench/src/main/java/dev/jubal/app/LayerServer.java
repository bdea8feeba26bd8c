package dev.jubal.app;

import dev.jubal.account.Principal;
import dev.jubal.account.admission.Admittance;
import dev.jubal.account.admission.Guard;
import dev.jubal.account.alert.RefusedBudgets;
import dev.jubal.account.budget.Budget;
import dev.jubal.account.budget.BudgetStore;
import dev.jubal.account.budget.Window;
import dev.jubal.account.keys.IssuedKey;
import dev.jubal.account.ledger.Admission;
import dev.jubal.account.ledger.Companion;
import dev.jubal.account.ledger.Ledger;
import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.ledger.Settlement;
import dev.jubal.account.limits.LimitStore;
import dev.jubal.account.limits.Quota;
import dev.jubal.account.limits.Rule;
import dev.jubal.account.limits.Scope;
import dev.jubal.account.price.Tariff;
import dev.jubal.api.GenerationEndpoint;
import dev.jubal.api.chat.ChatFeature;
import dev.jubal.api.xaigrpc.Remembered;
import dev.jubal.api.xaigrpc.XaiGrpc;
import dev.jubal.inference.Generator;
import dev.jubal.inference.Router;
import dev.jubal.inference.embedding.Embedder;
import dev.jubal.inference.memory.Compaction;
import dev.jubal.inference.reasoning.ThoughtSeal;
import dev.jubal.inference.sight.Sight;
import dev.jubal.inference.sight.SightMeters;
import dev.jubal.inference.webhook.Webhooks;
import dev.jubal.inference.work.DurableWork;
import dev.jubal.platform.artifact.Progress;
import dev.jubal.platform.grpc.Rpc;
import dev.jubal.platform.grpc.RpcGuard;
import dev.jubal.platform.grpc.RpcServer;
import dev.jubal.platform.grpc.Rpcs;
import dev.jubal.platform.http.Call;
import dev.jubal.platform.http.ErrorRenderer;
import dev.jubal.platform.http.HttpServer;
import dev.jubal.platform.http.OpenAiErrors;
import dev.jubal.platform.http.RequestObserver;
import dev.jubal.platform.http.Routes;
import dev.jubal.platform.metrics.ServerMetrics;
import dev.jubal.platform.net.PublicHttp;
import dev.jubal.platform.net.Resolver;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The handlers of chat, over HTTP and gRPC, with a part of the layer around them: the same pieces
 * as in {@link Jubal}, put together for the bench alone. Arguments: the data folder, the script,
 * the last part that is on, and where traces go. Says {@code port N KEY} when it listens, and ends
 * when its standard input does.
 */
public final class LayerServer {
  private static final long PLENTY = 1_000_000_000_000L;
  private static final InstantSource NOW = InstantSource.system();

  /** The parts in the order in which a request meets them; each is on with all before it. */
  public enum Part {
    /** The handler alone: everybody is let in, nothing is counted or kept. */
    HANDLER,
    /** Whose key it is, and what it may do. */
    AUTH,
    /** Limits of the team, the model and the key, ten in all. */
    LIMITS,
    /** Prices, and hard budgets of the team and of the key. */
    MONEY,
    /** Both rows on the disk. */
    LEDGER,
    /** Counters and histograms. */
    METRICS,
    /** The server as it is shipped, with all that stands around these parts. */
    SERVER,
    /** The same, sending every request's trace to a collector. */
    TELEMETRY
  }

  private final Config config;
  private final Part last;
  private final Storage storage;
  private final ServerMetrics metrics = new ServerMetrics();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  private final ErrorRenderer errors = new OpenAiErrors();
  private final Supplier<String> ids = new RequestIds(NOW);

  private LayerServer(Config config, Part last, Storage storage) {
    this.config = config;
    this.last = last;
    this.storage = storage;
  }

  public static void main(String[] args) throws java.io.IOException {
    Part last = Part.valueOf(args[2]);
    Map<String, String> flags = new HashMap<>();
    flags.putAll(Map.of("data-dir", args[0], "models.script", args[1], "server.port", "0"));
    if (last == Part.TELEMETRY) {
      flags.put("telemetry.otlp.endpoint", args[3]);
      flags.put("telemetry.sample", "100");
    }
    Config config = Config.read(flags, Map.of());
    Storage storage = Storage.open(config, NOW);
    IssuedKey key = storage.keys().firstStart().orElseThrow();
    rules(storage, key);
    int port;
    if (last.compareTo(Part.SERVER) >= 0) {
      storage.close();
      port = Jubal.start(config, Jubal.Outside.real(Progress.SILENT)).port();
    } else {
      port = new LayerServer(config, last, storage).start(key.secret().reveal());
    }
    System.out.println("port " + port + " " + key.secret().reveal());
    while (System.in.read() >= 0) {
      // until whoever started it is gone
    }
    System.exit(0);
  }

  /** Limits and budgets that count everything and refuse nothing. */
  private static void rules(Storage storage, IssuedKey key) {
    String team = key.key().teamId();
    LimitStore limits = new LimitStore(storage.database());
    for (Map.Entry<Scope, List<Quota>> e :
        Map.of(
                Scope.TEAM,
                List.of(Quota.CONCURRENT_REQUESTS, Quota.REQUESTS_PER_DAY, Quota.TOKENS_PER_DAY),
                Scope.MODEL,
                List.of(
                    Quota.REQUESTS_PER_SECOND, Quota.REQUESTS_PER_MINUTE, Quota.TOKENS_PER_MINUTE),
                Scope.KEY,
                List.of(
                    Quota.REQUESTS_PER_SECOND,
                    Quota.REQUESTS_PER_MINUTE,
                    Quota.TOKENS_PER_MINUTE,
                    Quota.TOKENS_PER_DAY))
            .entrySet()) {
      for (Quota quota : e.getValue()) {
        limits.set(LimitStore.Owner.team(team), new Rule(e.getKey(), "*", quota, PLENTY));
      }
    }
    BudgetStore budgets = new BudgetStore(storage.database(), NOW);
    budgets.set(
        new BudgetStore.Wanted(
            team, Budget.Scope.TEAM, team, Window.MONTHLY, true, PLENTY * 1_000_000));
    budgets.set(
        new BudgetStore.Wanted(
            team, Budget.Scope.KEY, key.key().id(), Window.DAILY, true, PLENTY * 1_000_000));
  }

  private boolean on(Part part) {
    return part.compareTo(last) <= 0;
  }

  private int start(String secret) {
    Doors doors = Doors.open(config.oidc(), storage, NOW, metrics);
    Backends made = Backends.open(config, Map.of(), Progress.SILENT, metrics);
    Router router = new Router(made.byName());
    Ledger ledger = on(Part.LEDGER) ? storage.ledger() : new NoLedger();
    if (on(Part.METRICS)) {
      ledger = MeteredLedger.of(storage.ledger(), metrics);
    }
    Money money =
        Money.open(
            config,
            storage,
            new Money.Parts(
                Optional.empty(),
                ledger,
                metrics,
                NOW,
                new RefusedBudgets(NOW),
                made.catalogue().tools()));
    List<Guard> guards = new ArrayList<>();
    if (on(Part.LIMITS)) {
      guards.add(Limiting.guard(config, storage, Optional.empty(), metrics, NOW));
    }
    if (on(Part.MONEY)) {
      guards.add(money.budgets());
    }
    Tariff tariff = on(Part.MONEY) ? money.prices() : Tariff.PUBLISHED;
    Admittance admittance = new Admittance(guards);
    PublicHttp outside = new PublicHttp(config.net(), Resolver.system());
    Generator generator =
        new Generator(
            made.catalogue(),
            router,
            ledger,
            new Generator.GenerationConfig(
                config.compat().lenient(),
                config.timeouts(),
                new Sight(config.sight(), outside, new SightMeters(metrics), System.getenv()),
                admittance,
                tariff),
            clock,
            NOW,
            cause -> {});
    DurableWork work = work(generator, doors, outside);
    Embedder embedder =
        new Embedder(made.catalogue(), made.embeddings(), ledger, NOW, admittance, tariff);
    return serve(doors, secret, new Handlers(generator, work, embedder, made, router));
  }

  private DurableWork work(Generator generator, Doors doors, PublicHttp outside) {
    return new DurableWork(
        generator,
        doors.gate()::holder,
        new DurableWork.Parts(
            storage.database(),
            storage.vault(),
            new LedgerReader(storage.database())::find,
            NOW,
            clock,
            metrics,
            new Webhooks(storage.database(), storage.vault(), NOW, outside, metrics)),
        config.work());
  }

  /** What answers. */
  private record Handlers(
      Generator generator, DurableWork work, Embedder embedder, Backends backends, Router router) {}

  private int serve(Doors doors, String secret, Handlers handlers) {
    GenerationEndpoint endpoint = new GenerationEndpoint(handlers.generator(), handlers.work());
    Routes routes = new Routes();
    new ChatFeature(endpoint, errors, false).register(routes);
    Everybody everybody = new Everybody(doors.gate().authenticate(Optional.of(secret)));
    RequestObserver observer = on(Part.METRICS) ? metrics : finished -> {};
    RpcServer rpcs =
        new RpcServer(
            config.grpc(),
            new RpcServer.Parts(
                methods(endpoint, handlers),
                on(Part.AUTH) ? doors.guard() : everybody,
                ids,
                observer));
    HttpServer server =
        new HttpServer(
            config.server(),
            new HttpServer.Parts(
                routes,
                on(Part.AUTH) ? doors.guard() : everybody,
                errors,
                clock,
                ids,
                observer,
                Optional.of(rpcs)));
    server.start();
    return server.port();
  }

  private Rpcs methods(GenerationEndpoint endpoint, Handlers handlers) {
    Rpcs methods = new Rpcs();
    new XaiGrpc(
            new XaiGrpc.Parts(
                endpoint,
                handlers.embedder(),
                handlers.backends().catalogue(),
                handlers.router(),
                handlers.backends()::weights,
                storage.keys()::get,
                NOW,
                handlers.work(),
                new Remembered(
                    storage.responses(),
                    new ThoughtSeal(storage.portable()),
                    new Compaction(
                        storage.portable(),
                        handlers.backends().catalogue(),
                        handlers.generator()))))
        .register(methods);
    return methods;
  }

  /** Takes everybody for one and the same, and asks for nothing. */
  private record Everybody(Principal who) implements dev.jubal.platform.http.Guard, RpcGuard {
    @Override
    public Object admit(Call call) {
      return who;
    }

    @Override
    public Object admit(Rpc<?, ?> rpc, Function<String, Optional<String>> header) {
      return who;
    }

    @Override
    public Optional<Object> atOnce(Rpc<?, ?> rpc, Function<String, Optional<String>> header) {
      return Optional.of(who);
    }
  }

  /** Keeps nothing. */
  private static final class NoLedger implements Ledger {
    @Override
    public void admit(Admission admission, Companion companion) {}

    @Override
    public void settle(Admission admission, Settlement settlement, Companion companion) {}

    @Override
    public void extend(String requestId, long reservedTicks) {}
  }
}
