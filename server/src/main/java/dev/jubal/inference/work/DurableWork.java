package dev.jubal.inference.work;

import dev.jubal.account.Principal;
import dev.jubal.account.ledger.Admission;
import dev.jubal.account.ledger.Companion;
import dev.jubal.account.ledger.LedgerRow;
import dev.jubal.inference.EventSink;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.Generator;
import dev.jubal.inference.webhook.Webhooks;
import dev.jubal.platform.crypto.Vault;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.jobs.Jobs;
import dev.jubal.platform.metrics.ServerMetrics;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.DatabaseException;
import dev.jubal.platform.time.Cancellation;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queue of work, on the database: a row of {@code work} is written with the admission, and
 * closed with the settlement.
 *
 * <p>A stream is begun at once, since its client waits; everything else, and whatever an earlier
 * process left, comes through {@link Jobs}. An attempt that cannot end now (the server stops, the
 * engine is full, the ledger cannot be written) leaves work and admission open for the next one. An
 * attempt during which the server died counts; after three of those the work fails.
 */
public final class DurableWork implements WorkQueue, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DurableWork.class);
  static final String JOB = "work";
  static final String QUEUE = "job";
  private static final int MOST_ATTEMPTS = 3;
  private static final Duration AGAIN = Duration.ofSeconds(2);
  private static final Duration TURN = Duration.ofSeconds(30);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
  private static final Duration STOPS_WITHIN = Duration.ofSeconds(10);

  private final Generator generator;
  private final Function<String, Principal> holders;
  private final Parts parts;
  private final WorkStore store;
  private final WorkMeters meters;
  private final Jobs jobs;

  /** Beside the work: addresses that do not answer hold up no work, and work holds up no call. */
  private final Jobs calls;

  private final Map<String, Live> lives = new ConcurrentHashMap<>();
  private final Map<String, WorkKeeping> keepings = new ConcurrentHashMap<>();
  private final Intake intake;
  private final Optional<OtherNodes> others;
  private volatile boolean stopping;

  /**
   * What it stands on.
   *
   * @param ledger what it has of a request
   * @param clock times graces and looks for what was forgotten
   */
  public record Parts(
      Database database,
      Vault vault,
      Function<String, Optional<LedgerRow>> ledger,
      InstantSource now,
      ScheduledExecutorService clock,
      ServerMetrics metrics,
      Webhooks webhooks) {}

  /**
   * A queue that does not work yet.
   *
   * @param holders who holds the key of an id now, or why nobody may use it any more
   */
  public DurableWork(
      Generator generator, Function<String, Principal> holders, Parts parts, WorkConfig config) {
    this.generator = generator;
    this.holders = holders;
    this.parts = parts;
    this.store = new WorkStore(parts.database(), parts.vault(), parts.now());
    this.meters = new WorkMeters(parts.metrics());
    this.others =
        parts.database().shared() ? Optional.of(new OtherNodes(store, lives)) : Optional.empty();
    this.intake = new Intake(generator, store, parts, config, meters, new Bench());
    this.jobs =
        new Jobs(parts.database(), parts.now(), QUEUE, config.workers(), Map.of(JOB, this::run));
    this.calls =
        new Jobs(
            parts.database(),
            parts.now(),
            Webhooks.QUEUE,
            config.webhookWorkers(),
            Map.of(Webhooks.JOB, parts.webhooks()::run));
    parts.metrics().gauge("jubal.work.open", "Work under way in this process.", lives::size);
    parts
        .metrics()
        .gauge("jubal.work.stored", "Open work of all kinds, as it is stored.", store::open);
  }

  /** Takes up what earlier processes left, and begins to work. */
  public void start() {
    store.enqueue(JOB, store.unqueued(JOB));
    jobs.start();
    calls.start();
    others.ifPresent(o -> o.listen(parts.clock(), live -> live.stop(cancelled())));
    var _ =
        parts
            .clock()
            .scheduleWithFixedDelay(
                () -> Thread.startVirtualThread(this::turn),
                TURN.toSeconds(),
                TURN.toSeconds(),
                TimeUnit.SECONDS);
  }

  /** Forgets what is old, and finds what was left lying. */
  void turn() {
    try {
      Instant now = parts.now().instant();
      jobs.free();
      calls.free();
      for (String id : store.overdue(now)) {
        others
            .map(o -> o.here(id))
            .orElseGet(() -> find(id))
            .ifPresent(
                live ->
                    live.stop(
                        new ApiException(
                            ErrorCode.TOTAL_TIMEOUT,
                            "The work was not done within the time that it is kept.")));
      }
      store.enqueue(
          JOB,
          store.unqueued(JOB).stream()
              .filter(id -> !Optional.ofNullable(lives.get(id)).map(Live::claimed).orElse(false))
              .toList());
      store.forget(now);
      jobs.hurry(JOB, TURN);
      jobs.wake();
    } catch (DatabaseException e) {
      log.warn("the work could not be looked through: {}", e.getMessage());
    }
  }

  @Override
  public Submitted submit(Order order) {
    return intake.take(order);
  }

  /** What the intake hands accepted work to. */
  private final class Bench implements Intake.Bench {
    @Override
    public Attempt attempt(Live live) {
      return DurableWork.this.attempt(live);
    }

    @Override
    public void hold(Live live) {
      var _ = live.claim();
      lives.put(live.work().id(), live); // what waits its turn is not held in memory
    }

    @Override
    public void drop(Live live) {
      lives.remove(live.work().id(), live);
    }

    @Override
    public void begin(Live live, Runnable attempt) {
      Thread.startVirtualThread(() -> DurableWork.this.begin(live, attempt));
    }

    @Override
    public void wake() {
      jobs.wake();
    }
  }

  @Override
  public void keep(String endpoint, WorkKeeping keeping) {
    keepings.put(endpoint, keeping);
  }

  private Attempt attempt(Live live) {
    return new Attempt(generator, store, parts.now(), live, new Around(live));
  }

  /** What an attempt asks about the work it is made at. */
  private final class Around implements Attempt.Around {
    private final Live live;

    Around(Live live) {
      this.live = live;
    }

    @Override
    public boolean another(ApiException error) {
      return DurableWork.this.another(live, error);
    }

    @Override
    public Companion also(WorkKeeping.End end) {
      Companion kept =
          Optional.ofNullable(keepings.get(live.work().request().endpoint()))
              .map(k -> k.keep(live.work(), end))
              .orElse(Companion.NONE);
      Companion call = parts.webhooks().ended(live.work().id(), end.event(live.work()));
      return session -> {
        kept.write(session);
        call.write(session);
      };
    }
  }

  private boolean another(Live live, ApiException error) {
    return switch (error.code()) {
      case LEDGER_UNAVAILABLE -> true;
      case SERVICE_UNAVAILABLE -> stopping;
      case CAPACITY_EXCEEDED -> live.work().kind().background() && nothing(live);
      default -> false;
    };
  }

  private static boolean nothing(Live live) {
    return Progress.of(live.work().request(), live.events()).nothing();
  }

  /** The job: makes an attempt; returns when to come again if that did not end the work. */
  private Optional<Duration> run(String id) {
    Optional<Live> found = find(id);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Live live = found.get();
    if (stopping || !live.claim()) {
      return Optional.of(AGAIN);
    }
    try {
      return claimed(live);
    } catch (RuntimeException e) {
      if (live.claimed()) { // nothing was begun, as something could not be read
        giveUp(live);
      }
      throw e;
    }
  }

  /** Others may try. */
  private void giveUp(Live live) {
    if (others.isPresent()) {
      lives.remove(live.work().id(), live);
      live.leave();
    }
    live.release();
  }

  private Optional<Duration> claimed(Live live) {
    String id = live.work().id();
    catchUp(live);
    Optional<LedgerRow> row = parts.ledger().apply(id);
    if (row.isEmpty()) {
      throw new IllegalStateException("the work " + id + " has no admission");
    }
    if (row.get().settled().isPresent()) {
      return closeAlone(live);
    }
    Optional<WorkStore.Stored> now = store.find(id);
    if (now.filter(WorkStore.Stored::stop).isPresent()) {
      live.stop(cancelled());
    }
    int attempts = now.map(WorkStore.Stored::attempts).orElse(0);
    return begin(live, () -> attempt(live, row.get(), attempts))
        ? Optional.empty()
        : Optional.of(AGAIN);
  }

  /** Another node may have worked on it since it was looked at here. */
  private void catchUp(Live live) {
    if (parts.database().shared() && live.work().kind().followed()) {
      List<GenerationEvent> all = store.events(live.work());
      all.subList(Math.min(live.size(), all.size()), all.size()).forEach(live::add);
    }
  }

  /** Its request was settled, and what should have been kept with that could not be. */
  private Optional<Duration> closeAlone(Live live) {
    ApiException error =
        new ApiException(ErrorCode.INTERNAL_ERROR, "The answer was made and could not be kept.");
    store.endAlone(live.work(), error, parts.now().instant());
    var _ = over(live, Optional.of(error));
    return Optional.empty();
  }

  private void attempt(Live live, LedgerRow row, int attempts) {
    Attempt attempt = attempt(live);
    try {
      Principal owner = holders.apply(row.owner().keyId());
      Admission admission = row.admission(owner);
      if (attempts >= MOST_ATTEMPTS) {
        throw new ApiException(
            ErrorCode.UPSTREAM_ERROR,
            "The work was tried " + attempts + " times, and the server ended each time.");
      }
      live.cancel()
          .reason()
          .ifPresent(
              reason -> {
                throw reason;
              });
      attempt.next(admission);
    } catch (ApiException e) {
      close(attempt, live, row, e);
      throw e;
    }
  }

  /** Ends work whose attempt was refused before the generator had it, which settles what it had. */
  private void close(Attempt attempt, Live live, LedgerRow row, ApiException error) {
    boolean open = store.find(row.requestId()).filter(s -> s.work().open()).isPresent();
    if (open && !another(live, error)) {
      Work.Owner owner = live.work().owner();
      Principal nobody =
          new Principal(owner.keyId(), "", "", row.owner().userId(), owner.teamId(), List.of());
      attempt.fail(row.admission(nobody), error);
    }
  }

  /** Runs an attempt of claimed work and tells its end; returns whether it has ended. */
  private boolean begin(Live live, Runnable attempt) {
    Optional<ApiException> error = Optional.empty();
    try {
      store.attempt(live.work().id(), 1);
      meters.attempt(live.work().kind());
      leftAlone(live);
      attempt.run();
    } catch (ApiException e) {
      error = Optional.of(e);
    } catch (DatabaseException e) {
      error = Optional.of(Attempt.unstored(e));
    } catch (RuntimeException e) {
      log.error("the work {} failed by a defect", live.work().id(), e);
      error = Optional.of(new ApiException(ErrorCode.INTERNAL_ERROR, "Internal error."));
    }
    return over(live, error);
  }

  private boolean over(Live live, Optional<ApiException> error) {
    String id = live.work().id();
    boolean ended = false;
    try {
      Optional<Work> now = store.find(id).map(WorkStore.Stored::work);
      ended = now.filter(Work::open).isEmpty();
      if (!ended && error.filter(e -> another(live, e)).isPresent()) {
        store.attempt(id, -1); // it ended without a fault of its own
      }
      now.filter(w -> !w.open()).ifPresent(meters::ended);
    } catch (DatabaseException e) {
      log.error("the end of the work {} cannot be read: {}", id, e.getMessage());
    }
    if (ended) {
      calls.wake(); // an address may be due to be called
    }
    if (ended || live.work().kind() == WorkKind.STREAM || stopping) {
      live.end(error); // of a stream the client is told; what is left is taken up later
      lives.remove(id, live);
    } else if (others.isPresent()) {
      lives.remove(id, live);
      live.leave();
    }
    live.release();
    return ended;
  }

  /** A stream that nobody follows ends after its grace. */
  private void leftAlone(Live live) {
    leftAlone(live, live.grace());
  }

  private void leftAlone(Live live, Duration grace) {
    if (live.work().kind() == WorkKind.STREAM && !live.followed()) {
      var _ =
          parts
              .clock()
              .schedule(
                  () -> {
                    if (live.unfollowed().compareTo(live.grace()) >= 0) {
                      Thread.startVirtualThread(() -> graceOver(live));
                    }
                  },
                  grace.toNanos(),
                  TimeUnit.NANOSECONDS);
    }
  }

  /** Its client may have come back to another node. */
  private void graceOver(Live live) {
    boolean elsewhere;
    try {
      elsewhere = others.filter(o -> o.followed(live)).isPresent();
    } catch (DatabaseException e) {
      elsewhere = true; // it is looked at again
    }
    if (!elsewhere) {
      live.stop(left(live));
    } else if (live.claimed()) {
      leftAlone(live, live.grace().compareTo(LOOK_AGAIN) > 0 ? live.grace() : LOOK_AGAIN);
    }
  }

  private static ApiException cancelled() {
    return new ApiException(ErrorCode.CLIENT_CLOSED_REQUEST, "The work was cancelled.");
  }

  private static ApiException left(Live live) {
    return new ApiException(
        ErrorCode.CLIENT_CLOSED_REQUEST,
        "The client left and did not come back within "
            + live.grace().toMillis() / 1000.0
            + " s. What was made until then is kept.");
  }

  /** Open work, as it is known here from now on. */
  private Optional<Live> find(String id) {
    Live known = lives.get(id);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<WorkStore.Stored> stored = store.find(id).filter(s -> s.work().open());
    if (stored.isEmpty()) {
      return Optional.empty();
    }
    Work work = stored.get().work();
    Live made = new Live(work, stored.get().grace(), stored.get().looked(), store.events(work));
    Live live = Optional.ofNullable(lives.putIfAbsent(id, made)).orElse(made);
    if (store.find(id).filter(s -> s.work().open()).isEmpty()) { // it ended meanwhile
      lives.remove(id, made);
      return Optional.empty();
    }
    return Optional.of(live);
  }

  private Optional<WorkStore.Stored> stored(String id, Principal owner) {
    Work.Owner asks = new Work.Owner(owner.teamId(), owner.keyId());
    return store
        .find(id)
        .filter(s -> s.work().owner().equals(asks))
        .filter(s -> s.work().expires().isAfter(parts.now().instant()));
  }

  @Override
  public Optional<Work> find(String id, Principal owner) {
    return stored(id, owner).map(WorkStore.Stored::work);
  }

  @Override
  public List<GenerationEvent> events(String id, Principal owner) {
    Optional<Work> found = find(id, owner);
    if (found.isEmpty()) {
      return List.of();
    }
    Optional<Live> live =
        !found.get().open()
            ? Optional.empty()
            : others.isPresent() ? others.get().here(id) : find(id);
    return live.map(Live::events).orElseGet(() -> store.events(found.get()));
  }

  @Override
  public Collected collect(String id, Principal owner) {
    Optional<WorkStore.Stored> found = stored(id, owner);
    if (found.isEmpty()) {
      return new Collected.Gone();
    }
    Work work = found.get().work();
    return switch (work.state()) {
      case OPEN -> new Collected.Pending();
      case DONE ->
          store.collect(id, parts.now().instant())
              ? new Collected.Done(work, store.events(work))
              : new Collected.Gone();
      case FAILED, CANCELLED -> new Collected.Failed(work, found.get().error().orElseThrow());
    };
  }

  @Override
  public Optional<Work> cancel(String id, Principal owner) {
    Optional<Work> found = find(id, owner);
    if (found.filter(Work::open).isPresent()) {
      others.ifPresentOrElse(
          o -> o.stop(found.get(), cancelled(), STOPS_WITHIN, this::closeStopped),
          () -> find(id).ifPresent(this::stop));
    }
    return found.isEmpty() ? found : find(id, owner);
  }

  private void closeStopped(String id) {
    find(id).ifPresent(this::stopHere);
  }

  private void stopHere(Live live) {
    live.stop(cancelled());
    if (live.claim()) { // nobody works on it yet
      LedgerRow row;
      try {
        row = parts.ledger().apply(live.work().id()).orElseThrow();
      } catch (RuntimeException e) {
        giveUp(live);
        throw e;
      }
      begin(live, () -> attempt(live, row, 0));
    }
  }

  private void stop(Live live) {
    stopHere(live);
    if (!live.awaitEnd(STOPS_WITHIN)) {
      log.warn("the work {} did not stop within {} s", live.work().id(), STOPS_WITHIN.toSeconds());
    }
  }

  @Override
  public void follow(String id, Principal owner, int from, EventSink sink, Cancellation gone) {
    WorkStore.Stored found = stored(id, owner).orElseThrow(() -> unknown(id));
    if (others.isPresent()) {
      others.get().follow(found.work(), from, sink, gone, this::leftAlone);
      return;
    }
    Optional<Live> live = found.work().open() ? find(id) : Optional.empty();
    if (live.isPresent()) {
      try {
        var _ = live.get().follow(from, sink, gone); // a node alone has it to the end
      } finally {
        leftAlone(live.get());
      }
      return;
    }
    WorkStore.Stored ended = stored(id, owner).orElseThrow(() -> unknown(id));
    store.events(ended.work()).stream().skip(from).forEach(sink::accept);
    ended
        .error()
        .ifPresent(
            e -> {
              throw e;
            });
  }

  private static ApiException unknown(String id) {
    return new ApiException(
        ErrorCode.NOT_FOUND,
        "There is no work " + id + " of this key (expected: an id of the last 24 hours).");
  }

  /** Stops what runs, to be gone on with at the next start. */
  @Override
  public void close() {
    stopping = true;
    lives
        .values()
        .forEach(
            live ->
                live.cancel()
                    .cancel(
                        new ApiException(
                            ErrorCode.SERVICE_UNAVAILABLE,
                            "The server is stopping; the work goes on when it starts again.")));
    jobs.close();
    calls.close();
    lives.values().forEach(live -> live.awaitEnd(Duration.ofSeconds(5)));
    store.close();
  }
}
