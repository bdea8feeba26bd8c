package dev.jubal.account.limits;

import dev.jubal.account.admission.Bound;
import dev.jubal.account.admission.Demand;
import dev.jubal.account.admission.Guard;
import dev.jubal.account.admission.Hold;
import dev.jubal.account.admission.Standing;
import dev.jubal.account.lease.Shares;
import dev.jubal.account.ledger.Usage;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.error.Limited;
import dev.jubal.platform.sql.Database;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits of teams, models, keys and end users, counted in this process: all that a request touches
 * is counted, or nothing is. Never does more than a limit pass, whatever the threads do; the clock
 * is one that only goes forward. Where several nodes hold a limit together, each counts within its
 * share. Thread-safe.
 *
 * <p>Each subject has a lock of its own; they are taken in the order of {@link Scope}, of which a
 * request has one each, so that nobody waits in a circle.
 */
public final class LimitsGuard implements Guard {
  private static final Logger log = LoggerFactory.getLogger(LimitsGuard.class);
  private static final int SWEEP_FROM = 4096;

  private final Function<Demand, Limits> limits;
  private final LongSupplier nanos;
  private final Watch watch;
  private final Before before;
  private final Map<Subject, Meter> meters = new ConcurrentHashMap<>();
  private final AtomicInteger sweepAt = new AtomicInteger(SWEEP_FROM);

  /** Is told what is refused. */
  @FunctionalInterface
  public interface Watch {
    /** A request, or more tokens of one. */
    void refused(Scope scope, Quota quota);
  }

  /**
   * A guard.
   *
   * @param limits what holds for a request; asked once for each
   * @param nanos a clock that never goes back, such as {@link System#nanoTime}
   */
  public LimitsGuard(Function<Demand, Limits> limits, LongSupplier nanos, Watch watch) {
    this(limits, nanos, watch, new Before(Past.NONE, Optional.empty()));
  }

  /** A guard beside others, or after one. */
  public LimitsGuard(
      Function<Demand, Limits> limits, LongSupplier nanos, Watch watch, Before before) {
    this.limits = limits;
    this.nanos = nanos;
    this.watch = watch;
    this.before = before;
  }

  /**
   * What counts beside what is counted here.
   *
   * @param past what an earlier process counted
   * @param lending this node's shares, where other nodes count too; these know the past
   */
  public record Before(Past past, Optional<Lending> lending) {
    /** Shares where there are such, else what the ledger has of the past. */
    public static Before of(Database database, Optional<Lending> lending, InstantSource now) {
      return new Before(lending.isPresent() ? Past.NONE : new LedgerPast(database, now), lending);
    }
  }

  /** Whose counters they are. */
  private record Subject(Scope scope, String team, String name) {
    static @Nullable Subject of(Scope scope, Demand demand) {
      String team = demand.principal().teamId();
      return switch (scope) {
        case TEAM -> new Subject(scope, team, "");
        case MODEL -> new Subject(scope, team, demand.model());
        case KEY -> new Subject(scope, team, demand.principal().keyId());
        case USER -> demand.endUser().map(u -> new Subject(scope, team, u)).orElse(null);
      };
    }

    String share(Quota quota) {
      return Lending.name(scope, team, name, quota);
    }
  }

  /** One subject of a request, with what holds for it. */
  private record Part(Subject subject, String shown, Meter meter, Map<Quota, Long> most) {
    List<Quota> unfilled() {
      return meter.unfilled(most.keySet());
    }

    Part with(Limits now) {
      return new Part(subject, shown, meter, now.of(subject.scope));
    }
  }

  /** What stands against a request, and whose it is. */
  private record Against(Part part, Meter.Shortage shortage) {}

  @Override
  public Hold take(Demand demand) {
    return take(demand, true);
  }

  @Override
  public Hold again(Demand demand) {
    return take(demand, false);
  }

  private Hold take(Demand demand, boolean refuse) {
    Limits found = limits.apply(demand);
    long tokens = demand.tokens().total();
    while (true) {
      Tried tried = tried(demand, found, tokens, refuse);
      Against against = tried.poor == null ? tried.against : asked(tried.poor); // without any lock
      if (against != null) {
        throw refused(demand, found, against, tried.standing);
      }
      if (tried.poor == null) {
        return new Held(demand, found, tried, tokens);
      }
    }
  }

  /**
   * What came of a try: all was counted, or one of two things was in the way.
   *
   * @param poor a limit of which this node's share is too small
   */
  private record Tried(
      List<Part> parts,
      List<Meter.Counted> counted,
      Standing standing,
      @Nullable Against against,
      @Nullable Lacking poor) {}

  /** A limit of which this node's share is too small, and whose it is. */
  private record Lacking(Part part, Meter.Poor poor) {}

  private Tried tried(Demand demand, Limits found, long tokens, boolean refuse) {
    List<Part> parts = new ArrayList<>(Scope.values().length);
    List<Meter.Counted> counted = new ArrayList<>(Scope.values().length);
    try {
      lock(demand, found, parts);
      long now = nanos.getAsLong();
      Against against = refuse ? against(parts, 1, tokens, now) : null;
      Lacking poor = refuse && against == null ? poor(parts, 1, tokens) : null;
      if (demand.question()) {
        return new Tried(List.of(), List.of(), standing(parts, now), against, poor);
      }
      if (against == null && poor == null) {
        for (Part part : parts) {
          counted.add(part.meter.take(part.most, tokens, now));
        }
      }
      return new Tried(parts, counted, standing(parts, now), against, poor);
    } finally {
      unlock(parts);
    }
  }

  private @Nullable Lacking poor(List<Part> parts, long requests, long tokens) {
    if (before.lending.isEmpty()) {
      return null;
    }
    for (Part part : parts) {
      Optional<Meter.Poor> poor =
          part.meter.poor(part.most, requests, tokens, part.subject::share, nanos);
      if (poor.isPresent()) {
        return new Lacking(part, poor.get());
      }
    }
    return null;
  }

  /** Asks other nodes; says what stands against it, when it was refused. */
  private @Nullable Against asked(Lacking lacking) {
    Part part = lacking.part;
    Optional<Shares.Refused> refused = Optional.empty();
    Optional<Meter.Shortage> shortage;
    try {
      refused = before.lending.orElseThrow().more(lacking.poor);
    } finally {
      part.meter.lock.lock();
      try {
        shortage = part.meter.asked(lacking.poor, refused, nanos.getAsLong());
      } finally {
        part.meter.lock.unlock();
      }
    }
    return shortage.map(s -> new Against(part, s)).orElse(null);
  }

  @Override
  public List<Bound> bounds(Demand demand) {
    List<Part> parts = new ArrayList<>(Scope.values().length);
    List<Bound> all = new ArrayList<>();
    try {
      lock(demand, limits.apply(demand), parts);
      long now = nanos.getAsLong();
      for (Part part : parts) {
        for (Meter.Shortage state : part.meter.states(part.most, demand.tokens().total(), now)) {
          all.add(Refusals.bound(part.shown, state, Optional.empty()));
        }
      }
    } finally {
      unlock(parts);
    }
    return all;
  }

  /**
   * Locks each subject that has limits, with what an earlier process did counted; what is locked
   * stands in {@code parts} at once.
   */
  private void lock(Demand demand, Limits found, List<Part> parts) {
    while (true) {
      for (Scope scope : Scope.values()) {
        Map<Quota, Long> most = found.of(scope);
        Subject subject = most.isEmpty() ? null : Subject.of(scope, demand);
        if (subject != null) {
          Meter meter = locked(subject);
          parts.add(new Part(subject, Refusals.shown(scope, demand), meter, most));
        }
      }
      Optional<Part> unfilled =
          before.past.equals(Past.NONE)
              ? Optional.empty()
              : parts.stream().filter(p -> !p.unfilled().isEmpty()).findFirst();
      if (unfilled.isEmpty()) {
        return;
      }
      unlock(parts);
      parts.clear();
      fill(unfilled.get());
    }
  }

  /**
   * Counts what an earlier process did, looked up once and without the lock of a meter: only who
   * asks for the same subject waits for it.
   */
  private void fill(Part part) {
    Subject subject = part.subject;
    part.meter.filling.lock();
    try {
      for (Quota quota : part.unfilled()) { // nobody else fills meanwhile
        List<Past.Used> used = before.past.of(subject.scope, subject.team, subject.name, quota);
        part.meter.lock.lock();
        try {
          part.meter.fill(quota, used, nanos.getAsLong());
        } finally {
          part.meter.lock.unlock();
        }
      }
    } finally {
      part.meter.filling.unlock();
    }
  }

  private Meter locked(Subject subject) {
    while (true) {
      Meter meter = meters.get(subject);
      if (meter == null) {
        sweep();
        meter = meters.computeIfAbsent(subject, s -> new Meter());
      }
      if (meter.enter()) {
        return meter;
      }
    }
  }

  private static void unlock(List<Part> parts) {
    for (int i = parts.size() - 1; i >= 0; i--) {
      parts.get(i).meter.lock.unlock();
    }
  }

  /** Forgets subjects that count nothing, now and then, so that end users do not pile up. */
  private void sweep() {
    int at = sweepAt.get();
    if (meters.size() < at || !sweepAt.compareAndSet(at, Integer.MAX_VALUE)) {
      return;
    }
    long now = nanos.getAsLong();
    meters
        .entrySet()
        .removeIf(
            e -> {
              Meter meter = e.getValue();
              if (meter.lock.isHeldByCurrentThread() || !meter.lock.tryLock()) {
                return false; // it is about to be counted on
              }
              try {
                return meter.retire(now);
              } finally {
                meter.lock.unlock();
              }
            });
    sweepAt.set(Math.max(SWEEP_FROM, 2 * meters.size()));
  }

  private static @Nullable Against against(List<Part> parts, long requests, long tokens, long now) {
    Against worst = null;
    for (Part part : parts) {
      Optional<Meter.Shortage> found = part.meter.against(part.most, requests, tokens, now);
      if (found.isPresent() && found.get().worseThan(worst == null ? null : worst.shortage)) {
        worst = new Against(part, found.get());
      }
    }
    return worst;
  }

  private static Standing standing(List<Part> parts, long now) {
    Standing.Rate requests = null;
    Standing.Rate tokens = null;
    for (Part part : parts) {
      for (Map.Entry<Quota, Long> limit : part.most.entrySet()) {
        Quota quota = limit.getKey();
        if (quota == Quota.CONCURRENT_REQUESTS) {
          continue;
        }
        Standing.Rate rate = part.meter.rate(quota, limit.getValue(), now);
        if (quota.tokens()) {
          tokens = tighter(rate, tokens);
        } else {
          requests = tighter(rate, requests);
        }
      }
    }
    return new Standing(Optional.ofNullable(requests), Optional.ofNullable(tokens));
  }

  /** The one of which a smaller part is left; of equal ones the smaller. */
  private static Standing.Rate tighter(Standing.Rate one, Standing.@Nullable Rate other) {
    if (other == null) {
      return one;
    }
    double share = (double) one.left() / Math.max(1, one.most());
    double others = (double) other.left() / Math.max(1, other.most());
    return share < others || (share == others && one.most() < other.most()) ? one : other;
  }

  private ApiException refused(Demand demand, Limits found, Against against, Standing standing) {
    Meter.Shortage s = against.shortage;
    Scope scope = against.part.subject.scope;
    if (!demand.question()) {
      watch.refused(scope, s.quota());
    }
    Bound bound = Refusals.bound(against.part.shown, s, Refusals.more(demand, found, scope, s));
    Duration after =
        s.never() ? null : bound.reset().filter(r -> !r.isZero()).orElse(Duration.ofSeconds(1));
    return ApiException.limited(
        ErrorCode.RATE_LIMIT_EXCEEDED,
        bound.text(),
        after,
        new Limited(bound.label(), !s.never(), Optional.of(standing.at(demand.at()))));
  }

  int subjects() {
    return meters.size();
  }

  /** Requests that are counted for subjects of a scope and not ended. */
  public long open(Scope scope) {
    return sum(scope, Meter::open);
  }

  /** Tokens that are held for them. */
  public long held(Scope scope) {
    return sum(scope, Meter::held);
  }

  /** The largest part of a limit that any subject of a scope has taken, 0 to 1. */
  public double use(Scope scope, Quota quota) {
    double most = 0;
    for (Map.Entry<Subject, Meter> e : meters.entrySet()) {
      if (e.getKey().scope == scope) {
        Meter meter = e.getValue();
        meter.lock.lock();
        try {
          most = Math.max(most, meter.use(quota, nanos.getAsLong()));
        } finally {
          meter.lock.unlock();
        }
      }
    }
    return most;
  }

  private long sum(Scope scope, ToLongFunction<Meter> of) {
    long sum = 0;
    for (Map.Entry<Subject, Meter> e : meters.entrySet()) {
      if (e.getKey().scope == scope) {
        Meter meter = e.getValue();
        meter.lock.lock();
        try {
          sum += of.applyAsLong(meter);
        } finally {
          meter.lock.unlock();
        }
      }
    }
    return sum;
  }

  /** What one request has taken of its subjects. */
  private final class Held implements Hold {
    private final Demand demand;
    private final List<Part> parts;
    private final List<Meter.Counted> counted;
    private final Standing standing;
    private Limits found;
    private long tokens;
    private boolean over;

    Held(Demand demand, Limits found, Tried tried, long tokens) {
      this.demand = demand;
      this.found = found;
      this.parts = List.copyOf(tried.parts);
      this.counted = tried.counted;
      this.standing = tried.standing;
      this.tokens = tokens;
    }

    /** What holds by now, of the subjects that are counted; where it cannot be read, what held. */
    private List<Part> now() {
      try {
        found = limits.apply(demand);
      } catch (ApiException e) {
        log.debug("limits of a running answer stay as they were: {}", e.getMessage());
      }
      return parts.stream().map(part -> part.with(found)).toList();
    }

    @Override
    public Optional<Bound> extend(Demand.Tokens more) {
      List<Part> now = now();
      Against against;
      Lacking poor;
      do {
        relock();
        try {
          against = against(now, 0, more.total(), nanos.getAsLong());
          poor = against == null ? poor(now, 0, more.total()) : null;
          if (against == null && poor == null) {
            parts.forEach(p -> p.meter.hold(more.total()));
            tokens += more.total();
            return Optional.empty();
          }
        } finally {
          unlock(parts);
        }
        try {
          against = poor == null ? against : asked(poor);
        } catch (ApiException e) {
          return Optional.of(Refusals.unasked(Objects.requireNonNull(poor).part.shown, poor.poor));
        }
      } while (against == null);
      Scope scope = against.part.subject.scope;
      watch.refused(scope, against.shortage.quota());
      Optional<String> next = Refusals.next(found, scope, against.shortage.quota());
      return Optional.of(Refusals.bound(against.part.shown, against.shortage, next));
    }

    @Override
    public void settle(Usage used, long costTicks) {
      end(
          now -> {
            for (Part part : parts) {
              part.meter.settle(part.most, tokens, used.total(), now);
            }
          });
    }

    @Override
    public void release() {
      end(
          now -> {
            for (int i = 0; i < parts.size(); i++) {
              parts.get(i).meter.undo(counted.get(i), tokens, now);
            }
          });
    }

    private void end(LongConsumer how) {
      if (over) {
        return;
      }
      over = true;
      relock();
      try {
        how.accept(nanos.getAsLong());
      } finally {
        unlock(parts);
      }
    }

    /** The meters cannot have been retired meanwhile: this request is open on them. */
    private void relock() {
      parts.forEach(p -> p.meter.lock.lock());
    }

    @Override
    public Optional<Standing> standing() {
      return standing.requests().isPresent() || standing.tokens().isPresent()
          ? Optional.of(standing)
          : Optional.empty();
    }

    @Override
    public String toString() {
      return tokens + " tokens of " + demand.requestId();
    }
  }
}
