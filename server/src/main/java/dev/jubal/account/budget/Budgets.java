package dev.jubal.account.budget;

import dev.jubal.account.Principal;
import dev.jubal.account.admission.Bound;
import dev.jubal.account.admission.Demand;
import dev.jubal.account.admission.Guard;
import dev.jubal.account.admission.Hold;
import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.ledger.LedgerRow;
import dev.jubal.account.ledger.Usage;
import dev.jubal.platform.error.ApiException;
import dev.jubal.platform.error.ErrorCode;
import dev.jubal.platform.nodes.Nodes;
import dev.jubal.platform.sql.Database;
import dev.jubal.platform.sql.DatabaseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The guard of money: a request passes when the most that it can cost fits into each hard budget it
 * falls under, together with all that is spent and held there. Exact on one server under any
 * schedule of threads; what another server on the same database holds is not seen before it is
 * settled.
 *
 * <p>The figures are in memory. That of a subject and window is made when it is first asked for,
 * from the sums of the ledger; what is held for work that goes on after a restart is there from the
 * start. Thread-safe.
 */
public final class Budgets implements Guard {
  private static final Logger log = LoggerFactory.getLogger(Budgets.class);
  private static final long IDLE_NANOS = Duration.ofMinutes(10).toNanos();

  private final Parts parts;
  private final Spending spending;
  private final Map<Counter.Key, Counter> counters = new ConcurrentHashMap<>();
  private final Map<String, Held> live = new ConcurrentHashMap<>();
  // read: a request begins to count; write: budgets change, and all that runs counts in new ones
  private final ReadWriteLock publishing = new ReentrantReadWriteLock(true);
  private volatile Terms terms = Terms.NONE;

  /**
   * What it works with.
   *
   * @param extended commits what is held for a request beyond its admission: id, ticks in all
   * @param told is told what happens
   */
  public record Parts(
      Database database,
      BudgetConfig config,
      InstantSource now,
      BiConsumer<String, Long> extended,
      Told told) {}

  /** What happens, for metrics. Called under locks: it must not block. */
  public interface Told {
    /** Nobody is told. */
    Told NOBODY = new Told() {};

    /** A hard budget refused a request, or more for one. */
    default void refused(Budget budget) {}

    /** A soft budget is passed, once in its window for each subject. */
    default void passed(Budget budget, String subject) {}

    /** A request cost more than was held for it. */
    default void overrun(long ticks) {}
  }

  /**
   * Opens it: budgets are read, and what open work held is held again.
   *
   * @throws DatabaseException when they cannot be read
   */
  public Budgets(Parts parts) {
    this.parts = parts;
    this.spending = new Spending(parts.database());
    Nodes nodes = new Nodes(parts.database(), parts.now());
    Optional<String> node = nodes.shared() ? Optional.of(nodes.own()) : Optional.empty();
    for (LedgerRow row : new LedgerReader(parts.database()).goingOn(node)) {
      Held orphan = new Held(this, demand(row), List.of(), row.reserved().ticks());
      live.put(row.requestId(), orphan);
    }
    publish(read());
  }

  private static Demand demand(LedgerRow row) {
    LedgerRow.Owner owner = row.owner();
    Principal holder =
        new Principal(owner.keyId(), "", "", owner.userId(), owner.teamId(), List.of());
    return new Demand(
        row.requestId(),
        holder.of(owner.project()),
        row.reserved().endUser(),
        row.endpoint(),
        row.modelResolved(),
        row.price(),
        Demand.Tokens.NONE,
        false,
        row.admitted());
  }

  private Terms read() {
    Instant at = parts.now().instant();
    return parts.database().write(s -> Terms.read(s, at));
  }

  /**
   * Sees what changed in the rows, and lets go of figures nobody asked for in a while. To be called
   * now and then; a failure leaves all as it was.
   */
  public void refresh() {
    try {
      long version = parts.database().read(BudgetStore::version);
      Terms known = terms;
      if (version != known.version()
          || !Credits.month(parts.now().instant()).equals(known.month())) {
        publish(read());
      }
    } catch (DatabaseException e) {
      log.warn("budgets cannot be read; those known before hold: {}", e.getMessage());
    }
    counters.values().removeIf(this::idle);
  }

  private boolean idle(Counter counter) {
    if (!counter.lock.tryLock()) {
      return false;
    }
    try {
      return counter.drop(IDLE_NANOS);
    } finally {
      counter.lock.unlock();
    }
  }

  private void publish(Terms next) {
    publishing.writeLock().lock();
    try {
      Terms old = terms;
      Set<String> fresh = new HashSet<>(next.byId().keySet());
      fresh.removeAll(old.byId().keySet());
      terms = next;
      if (!fresh.isEmpty()) {
        live.values().forEach(held -> held.join(lines(held.demand(), next, fresh)));
      }
    } finally {
      publishing.writeLock().unlock();
    }
  }

  private List<Held.Line> lines(Demand demand, Terms of, Set<String> only) {
    List<Held.Line> lines = new ArrayList<>();
    for (Budget b : of.of(demand.principal(), demand.endUser())) {
      if (only.contains(b.id())) {
        lines.add(new Held.Line(b, counter(b, demand)));
      }
    }
    lines.sort(Comparator.comparing(l -> l.counter().key));
    return lines;
  }

  private Counter counter(Budget budget, Demand demand) {
    String subject =
        Terms.subject(budget.scope(), demand.principal(), demand.endUser()).orElseThrow();
    Counter.Key key = new Counter.Key(budget.id(), subject, budget.window().start(demand.at()));
    return counters.computeIfAbsent(key, Counter::new);
  }

  @Override
  public Hold take(Demand demand) {
    return hold(demand, false);
  }

  @Override
  public Hold again(Demand demand) {
    return hold(demand, true);
  }

  private Held hold(Demand demand, boolean anyway) {
    long ticks = demand.mostTicks(demand.tokens());
    publishing.readLock().lock();
    try {
      List<Held.Line> lines = reserve(demand, ticks, anyway);
      Held held = new Held(this, demand, lines, ticks);
      Held before = live.put(demand.requestId(), held);
      if (before != null) {
        before.settle(Usage.NONE, 0); // what this work held before a restart
      }
      return held;
    } finally {
      publishing.readLock().unlock();
    }
  }

  private List<Held.Line> reserve(Demand demand, long ticks, boolean anyway) {
    while (true) {
      Terms now = terms;
      List<Held.Line> lines = lines(demand, now, now.byId().keySet());
      lock(lines);
      try {
        if (lines.stream().anyMatch(l -> l.counter().dropped())) {
          continue; // it was given up in between: the next look makes it anew
        }
        if (!load(lines, demand.at())) {
          return List.of();
        }
        if (!anyway) {
          Optional<Bound> refused = refusal(demand, lines, ticks);
          if (refused.isPresent()) {
            throw new ApiException(ErrorCode.INSUFFICIENT_QUOTA, refused.get().text());
          }
        }
        add(lines, ticks);
        return lines;
      } finally {
        unlock(lines);
      }
    }
  }

  private static void lock(List<Held.Line> lines) {
    lines.forEach(l -> l.counter().lock.lock());
  }

  private static void unlock(List<Held.Line> lines) {
    lines.reversed().forEach(l -> l.counter().lock.unlock());
  }

  /** Whether the figures are there; false when they cannot be read and that is no obstacle. */
  private boolean load(List<Held.Line> lines, Instant at) {
    try {
      for (Held.Line l : lines) {
        Counter counter = l.counter();
        if (!counter.loaded()) {
          Budget b = l.budget();
          counter.load(
              spending.settled(b.teamId(), b.scope(), counter.key.subject(), b.window(), at));
        }
      }
      return true;
    } catch (DatabaseException e) {
      if (parts.config().outage() == BudgetConfig.Outage.OPEN) {
        log.warn("a request passes without its budgets: {}", e.getMessage());
        return false;
      }
      throw new ApiException(
          ErrorCode.SERVICE_UNAVAILABLE,
          "Budgets cannot be read now.",
          null,
          Duration.ofSeconds(1),
          e);
    }
  }

  /** What stands against so many ticks more; the locks of the lines are held. */
  private Optional<Bound> refusal(Demand demand, List<Held.Line> lines, long ticks) {
    for (Held.Line l : lines) {
      Optional<Budget> now = Optional.ofNullable(terms.byId().get(l.budget().id()));
      if (now.isPresent() && now.get().hard() && ticks > 0) {
        long most = now.get().ticks();
        long taken = l.counter().taken();
        if (taken > most - ticks) {
          parts.told().refused(now.get());
          return Optional.of(bound(demand, now.get(), taken, ticks));
        }
      }
    }
    return Optional.empty();
  }

  private Bound bound(Demand demand, Budget budget, long taken, long asked) {
    Optional<Duration> reset =
        asked > budget.ticks()
            ? Optional.empty()
            : budget
                .window()
                .end(demand.at())
                .map(end -> Duration.between(parts.now().instant(), end))
                .filter(d -> !d.isNegative());
    return new Bound(
        budget.name(),
        whose(demand, budget),
        Bound.Figure.ofTicks(budget.ticks()),
        Bound.Figure.ofTicks(taken),
        Bound.Figure.ofTicks(asked),
        "USD",
        reset,
        Optional.of(
            budget.window() == Window.PREPAID && budget.scope() == Budget.Scope.TEAM
                ? "credits are added with: jubal credit add"
                : "its amount is changed with: jubal budget set"));
  }

  private static String whose(Demand demand, Budget budget) {
    Principal who = demand.principal();
    return switch (budget.scope()) {
      case TEAM -> "team " + who.teamId();
      case PROJECT -> "project " + who.account().project().orElse("");
      case KEY -> "key " + who.keyName();
      case END_USER -> "end user " + demand.endUser().orElse("");
    };
  }

  private void add(List<Held.Line> lines, long ticks) {
    for (Held.Line l : lines) {
      l.counter().reserve(ticks);
      Budget b = l.budget();
      if (!b.hard() && l.counter().taken() > b.ticks() && l.counter().tell()) {
        parts.told().passed(b, l.counter().key.subject());
        log.info(
            "{} of {} {} is passed: it only tells",
            b.name(),
            b.scope().text(),
            l.counter().key.subject());
      }
    }
  }

  /** Takes more for a request whose lock is held. */
  Optional<Bound> extend(Demand demand, List<Held.Line> lines, long more, long all) {
    lock(lines);
    try {
      Optional<Bound> refused = refusal(demand, lines, more);
      if (refused.isPresent()) {
        return refused;
      }
      add(lines, more);
    } finally {
      unlock(lines);
    }
    if (more == 0 || lines.stream().noneMatch(l -> l.budget().hard())) {
      return Optional.empty();
    }
    try {
      parts.extended().accept(demand.requestId(), all);
      return Optional.empty();
    } catch (ApiException e) {
      lock(lines);
      try {
        lines.forEach(l -> l.counter().settle(more, 0));
      } finally {
        unlock(lines);
      }
      return Optional.of(unwritten(demand, more));
    }
  }

  private static Bound unwritten(Demand demand, long more) {
    return new Bound(
        "ledger_unavailable",
        "team " + demand.principal().teamId(),
        Bound.Figure.of(0),
        Bound.Figure.of(0),
        Bound.Figure.ofTicks(more),
        "USD",
        Optional.empty(),
        Optional.of("the ledger cannot be written"));
  }

  /** Ends what a request held; its lock is held. */
  void settled(Held who, List<Held.Line> lines, long held, long cost) {
    Demand demand = who.demand();
    live.remove(demand.requestId(), who);
    if (cost > held && !lines.isEmpty()) {
      log.warn("request {} cost {} ticks, {} were held", demand.requestId(), cost, held);
      parts.told().overrun(cost - held);
    }
    lock(lines);
    try {
      lines.forEach(l -> l.counter().settle(held, cost));
    } finally {
      unlock(lines);
    }
  }

  /** The plan of a team. */
  public Plan plan(String teamId) {
    return terms.plans().getOrDefault(teamId, Plan.SELF_HOSTED);
  }

  /**
   * How a budget stands for one subject in the window of a moment.
   *
   * @param settled ticks spent by requests that ended
   * @param reserved ticks held for those that run
   */
  public record Use(Budget budget, String subject, long settled, long reserved) {}

  /** The budgets a caller falls under, and how they stand. */
  public List<Use> uses(Demand demand) {
    List<Use> uses = new ArrayList<>();
    publishing.readLock().lock();
    try {
      for (Held.Line l : reserve(demand, 0, true)) {
        if (!l.budget().id().equals(Terms.volumeId(l.budget().teamId()))) {
          uses.add(use(l.budget(), l.counter()));
        }
      }
      return uses;
    } finally {
      publishing.readLock().unlock();
    }
  }

  @Override
  public List<Bound> bounds(Demand demand) {
    long ticks = demand.mostTicks(demand.tokens());
    return uses(demand).stream()
        .map(u -> bound(demand, u.budget(), Math.addExact(u.settled(), u.reserved()), ticks))
        .toList();
  }

  /** Every figure that is in memory now, for metrics and tests. */
  public List<Use> uses() {
    List<Use> uses = new ArrayList<>();
    for (Counter c : counters.values()) {
      Budget b = terms.byId().get(c.key.budgetId());
      if (b != null) {
        uses.add(use(b, c));
      }
    }
    return uses;
  }

  private static Use use(Budget budget, Counter counter) {
    counter.lock.lock();
    try {
      return new Use(budget, counter.key.subject(), counter.settled(), counter.reserved());
    } finally {
      counter.lock.unlock();
    }
  }

  /**
   * The share of the list price that a team pays, in millionths: by its plan, and by what it spent
   * in the month where the plan has steps.
   */
  public long share(Principal who, Instant at) {
    Plan plan = plan(who.teamId());
    Budget volume = terms.byId().get(Terms.volumeId(who.teamId()));
    if (volume == null) {
      return plan.millionths(0);
    }
    Counter.Key key = new Counter.Key(volume.id(), who.teamId(), volume.window().start(at));
    Counter counter = counters.computeIfAbsent(key, Counter::new);
    counter.lock.lock();
    try {
      load(List.of(new Held.Line(volume, counter)), at);
      return plan.millionths(counter.settled());
    } finally {
      counter.lock.unlock();
    }
  }
}
