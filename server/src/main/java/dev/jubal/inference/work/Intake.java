package dev.jubal.inference.work;

import dev.jubal.account.Principal;
import dev.jubal.account.ledger.Companion;
import dev.jubal.inference.Generator;
import dev.jubal.inference.StoredJson;
import dev.jubal.inference.sight.Looked;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.jobs.Jobs;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Where work comes in: refuses it, finds the earlier work of the same name, or admits it together
 * with its row. Thread-safe.
 */
final class Intake {
  private static final int LOCKS = 64;

  private final Generator generator;
  private final WorkStore store;
  private final DurableWork.Parts parts;
  private final WorkConfig config;
  private final WorkMeters meters;
  private final Bench bench;
  private final OpenLimit limit;
  private final List<ReentrantLock> names =
      Stream.generate(ReentrantLock::new).limit(LOCKS).toList();

  /** Where accepted work is worked on. */
  interface Bench {
    /** An attempt at it. */
    Attempt attempt(Live live);

    /** Keeps work that begins at once, claimed, before it is admitted. */
    void hold(Live live);

    /** Forgets what was held and is not admitted. */
    void drop(Live live);

    /** Makes the attempt at held work, on a thread of its own. */
    void begin(Live live, Runnable attempt);

    /** Looks for what was enqueued. */
    void wake();
  }

  Intake(
      Generator generator,
      WorkStore store,
      DurableWork.Parts parts,
      WorkConfig config,
      WorkMeters meters,
      Bench bench) {
    this.generator = generator;
    this.store = store;
    this.parts = parts;
    this.config = config;
    this.meters = meters;
    this.bench = bench;
    this.limit = new OpenLimit(config.openPerTeam(), store, meters);
  }

  /** See {@link WorkQueue#submit}. */
  Submitted take(Order order) {
    Principal owner = order.owner();
    if (owner.terms().zeroRetention()) {
      throw new ApiException(
          ErrorCode.UNSUPPORTED_PARAMETER,
          "Nothing of this team is stored (zero retention), so deferred, background and resumable"
              + " requests are not available to it (expected: a request that is answered at"
              + " once).");
    }
    if (order.replay().isEmpty()) {
      return accept(order, Optional.empty());
    }
    WorkStore.Named named = named(order, order.replay().get());
    ReentrantLock lock = names.get(Math.floorMod(named.name().hashCode(), LOCKS));
    lock.lock();
    try {
      Optional<WorkStore.Earlier> earlier =
          store.earlier(owner.keyId(), named.name(), parts.now().instant());
      if (earlier.isEmpty()) {
        return accept(order, Optional.of(named));
      }
      if (!earlier.get().body().equals(named.body())) {
        throw new ApiException(
            ErrorCode.CONFLICT,
            "The Idempotency-Key stands for another request of the last "
                + config.keep().toHours()
                + " hours (expected: the same body, or another key).");
      }
      meters.replayed(order.kind());
      return new Submitted(earlier.get().id(), Optional.empty());
    } finally {
      lock.unlock();
    }
  }

  /** Browsers of several end users share a key, and name their requests without each other. */
  private static WorkStore.Named named(Order order, Order.Replay replay) {
    String whose = order.owner().boundTo().map(user -> "\n" + user).orElse("");
    return new WorkStore.Named(
        WorkStore.hash((replay.name() + whose).getBytes(StandardCharsets.UTF_8)),
        WorkStore.hash(StoredJson.of(order.request()), order.shape()));
  }

  private Submitted accept(Order order, Optional<WorkStore.Named> named) {
    return order.kind() == WorkKind.STREAM
        ? admit(order, named)
        : limit.within(order.owner().teamId(), () -> admit(order, named));
  }

  private Submitted admit(Order order, Optional<WorkStore.Named> named) {
    Live live =
        new Live(work(order), order.grace().orElse(config.grace()), Optional.empty(), List.of());
    Attempt attempt = bench.attempt(live);
    boolean atOnce = order.kind() == WorkKind.STREAM;
    if (atOnce) {
      bench.hold(live);
    }
    Generator.Admitted admitted;
    try {
      admitted =
          generator.admit(
              order.request(),
              attempt.caller(order.owner(), order.clientRequestId()),
              looked -> written(order, live, looked, named));
    } catch (RuntimeException e) {
      bench.drop(live);
      throw e;
    }
    if (atOnce) {
      bench.begin(live, () -> attempt.first(admitted));
    } else {
      bench.wake();
    }
    return new Submitted(live.work().id(), admitted.rates());
  }

  private Work work(Order order) {
    Instant at = parts.now().instant();
    return new Work(
        order.requestId(),
        order.kind(),
        new Work.Owner(order.owner().teamId(), order.owner().keyId()),
        Work.State.OPEN,
        order.request(),
        order.shape(),
        at,
        Optional.empty(),
        at.plus(config.keep()));
  }

  /** What is committed together with the admission. */
  private Companion written(
      Order order, Live live, Looked looked, Optional<WorkStore.Named> named) {
    Work work = live.work();
    Companion row = store.insert(work, live.grace(), looked, named);
    Companion call =
        order
            .webhook()
            .map(url -> parts.webhooks().ask(order.owner(), work.id(), url, Order.WEBHOOK))
            .orElse(Companion.NONE);
    return session -> {
      row.write(session);
      order.row().write(session);
      call.write(session);
      if (order.kind() != WorkKind.STREAM) {
        Jobs.enqueue(session, DurableWork.QUEUE, DurableWork.JOB, work.id());
      }
    };
  }
}
