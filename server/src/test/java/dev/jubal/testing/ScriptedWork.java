package dev.jubal.testing;

import dev.jubal.account.Principal;
import dev.jubal.inference.EventSink;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.Generator;
import dev.jubal.inference.webhook.Webhooks;
import dev.jubal.inference.work.Collected;
import dev.jubal.inference.work.DurableWork;
import dev.jubal.inference.work.Order;
import dev.jubal.inference.work.Submitted;
import dev.jubal.inference.work.Work;
import dev.jubal.inference.work.WorkConfig;
import dev.jubal.inference.work.WorkKeeping;
import dev.jubal.inference.work.WorkQueue;
import dev.jubal.platform.metrics.ServerMetrics;
import dev.jubal.platform.net.NetConfig;
import dev.jubal.platform.net.PublicHttp;
import dev.jubal.platform.net.Resolver;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.time.Cancellation;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** The queue of work, begun when it is first needed: most tests need none. */
final class ScriptedWork implements WorkQueue, AutoCloseable {
  private final Generator generator;
  private final MemoryLedger ledger;
  private final InstantSource now;
  private final ScheduledExecutorService clock;
  private final Database database;
  private final Map<String, WorkKeeping> keepings = new HashMap<>();
  private @Nullable Made made;

  ScriptedWork(
      Generator generator,
      MemoryLedger ledger,
      InstantSource now,
      ScheduledExecutorService clock,
      Database database) {
    this.generator = generator;
    this.ledger = ledger;
    this.now = now;
    this.clock = clock;
    this.database = database;
  }

  private record Made(DurableWork work, ServerMetrics metrics, PublicHttp http) {}

  private synchronized DurableWork work() {
    Made here = made;
    if (here == null) {
      here = make();
      made = here;
    }
    return here.work();
  }

  private Made make() {
    ServerMetrics metrics = new ServerMetrics();
    PublicHttp http = new PublicHttp(NetConfig.STANDARD, Resolver.system());
    DurableWork work =
        new DurableWork(
            generator,
            key -> ScriptedServer.CALLER,
            new DurableWork.Parts(
                database,
                new PlainVault(),
                ledger::find,
                now,
                clock,
                metrics,
                new Webhooks(database, new PlainVault(), now, http, metrics)),
            WorkConfig.STANDARD);
    keepings.forEach(work::keep);
    work.start();
    return new Made(work, metrics, http);
  }

  @Override
  public List<GenerationEvent> events(String id, Principal owner) {
    return work().events(id, owner);
  }

  @Override
  public synchronized void keep(String endpoint, WorkKeeping keeping) {
    keepings.put(endpoint, keeping);
  }

  @Override
  public Submitted submit(Order order) {
    return work().submit(order);
  }

  @Override
  public Optional<Work> find(String id, Principal owner) {
    return work().find(id, owner);
  }

  @Override
  public Collected collect(String id, Principal owner) {
    return work().collect(id, owner);
  }

  @Override
  public Optional<Work> cancel(String id, Principal owner) {
    return work().cancel(id, owner);
  }

  @Override
  public void follow(String id, Principal owner, int from, EventSink sink, Cancellation gone) {
    work().follow(id, owner, from, sink, gone);
  }

  @Override
  public synchronized void close() {
    Made here = made;
    if (here == null) {
      return;
    }
    here.work().close();
    here.metrics().close();
    here.http().close();
  }
}
