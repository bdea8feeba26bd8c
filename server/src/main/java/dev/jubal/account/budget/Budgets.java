package dev.jubal.account.budget;

import dev.jubal.account.Principal;
import dev.jubal.account.admission.Bound;
import dev.jubal.account.admission.Demand;
import dev.jubal.account.admission.Guard;
import dev.jubal.account.admission.Hold;
import dev.jubal.account.lease.Leases;
import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.ledger.LedgerRow;
import dev.jubal.account.ledger.Usage;
import dev.jubal.platform.error.ApiException;
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
 * falls under, together with all that is spent and held there. Exact under any schedule of threads,
 * and of nodes: where several share a database each holds within a share of its own, which {@link
 * Lending} asks for.
 *
 * <p>The figures are in memory. That of a subject and window is made when it is first asked for,
 * from the sums of the ledger; what is held for work that goes on after a restart is there from the
 * start. Thread-safe.
 */
public final class Budgets implements Guard {
  private static final Logger log = LoggerFactory.getLogger(Budgets.class);
  private static final Duration IDLE = Duration.ofMinutes(10);
  // how old the sums of soft budgets may be where others spend too
  private static final long FRESH_NANOS = Duration.ofSeconds(5).toNanos();

  private final Parts parts;
  private final Spending spending;
  private final Map<Counter.Key, Counter> counters = new ConcurrentHashMap<>();
  private final Map<String, Held> live = new ConcurrentHashMap<>();
  // of an earlier process, and nobody here works on them so far
  private final Set<String> orphans = ConcurrentHashMap.newKeySet();
  private final Optional<Lending> lending;
  // read: a request begins to count; write: budgets change, and all that runs counts in new ones
  private final ReadWriteLock publishing = new ReentrantReadWriteLock(true);
  private volatile Terms terms = Terms.NONE;

  /**
   * What it works with.
   *
   * @param extended commits what is held for a request beyond its admission: id, ticks in all
   * @param told is told what happens
   * @param leases where shares come from; empty where there is one node
   */
  public record Parts(
      Database database,
      BudgetConfig config,
      InstantSource now,
      BiConsumer<String, Long> extended,
      Told told,
      Optional<Leases> leases) {}

  /**
   * Opens it: budgets are read, and what open work held is held again.
   *
   * @throws DatabaseException when they cannot be read
   */
  public Budgets(Parts parts) {
    this.parts = parts;
    this.spending = new Spending(parts.database());
    publish(read());
    this.lending = parts.leases().map(leases -> new Lending(leases, this::lines));
    Nodes nodes = new Nodes(parts.database(), parts.now());
    Optional<String> node = nodes.shared() ? Optional.of(nodes.own()) : Optional.empty();
    for (LedgerRow row : new LedgerReader(parts.database()).goingOn(node)) {
      Held orphan = new Held(this, Words.demand(row), List.of(), row.reserved().ticks(), false);
      live.put(row.requestId(), orphan);
      orphans.add(row.requestId());
      List<Held.Line> lines = lines(row);
      orphan.join(lines);
      hold(lines, List.of(row.requestId()));
    }
  }

  private List<Held.Line> lines(LedgerRow row) {
    Terms now = terms;
    return lines(Words.demand(row), now, now.byId().keySet());
  }

  /** Of what is held whether there is enough or not, the other nodes are told. */
  private void hold(List<Held.Line> lines, List<String> adopted) {
    if (lending.isPresent()) {
      lines.stream()
          .filter(l -> l.budget().hard())
          .forEach(l -> lending.get().hold(l.counter(), adopted));
    }
  }

  private Terms read() {
    Instant at = parts.now().instant();
    Terms known = terms;
    return parts.database().write(s -> known.next(s, at));
  }

  /**
   * Sees what changed in the rows, and lets go of figures nobody asked for in a while. To be called
   * now and then; a failure leaves all as it was.
   */
  public void refresh() {
    try {
      long version = parts.database().read(BudgetStore::version);
      if (terms.outdated(version, parts.now().instant())) {
        publish(read());
      }
      lending.ifPresent(this::tend);
    } catch (DatabaseException e) {
      log.warn("budgets cannot be read; those known before hold: {}", e.getMessage());
    }
    counters.values().removeIf(counter -> counter.drop(IDLE.toNanos()));
  }

  /** What other nodes are to know, and what they did. */
  private void tend(Lending lending) {
    for (Counter counter : counters.values()) {
      Budget budget = terms.byId().get(counter.key.budgetId());
      if (budget != null && budget.hard()) {
        lending.cover(counter);
      }
    }
    lending.shares().giveBackIdle(IDLE);
    LedgerReader reader = new LedgerReader(parts.database());
    orphans.removeIf(id -> reader.find(id).flatMap(LedgerRow::settled).isPresent() && drop(id));
  }

  /** Another node worked on it to its end. */
  private boolean drop(String id) {
    Optional.ofNullable(live.get(id)).ifPresent(held -> held.settle(Usage.NONE, 0));
    return true;
  }

  private void publish(Terms next) {
    publishing.writeLock().lock();
    try {
      Terms old = terms;
      if (next.version() < old.version()) return; // read before what is known by now
      Set<String> fresh = new HashSet<>(next.byId().keySet());
      fresh.removeAll(old.byId().keySet());
      terms = next;
      counters.values().forEach(counter -> changed(counter, old, next));
      // a name that was gone and is there again: what was spent meanwhile stands in the ledger
      counters.values().stream()
          .filter(c -> fresh.contains(c.key.budgetId()))
          .forEach(Counter::unload);
      if (!fresh.isEmpty()) {
        live.values().forEach(held -> held.join(lines(held.demand(), next, fresh)));
      }
    } finally {
      publishing.writeLock().unlock();
    }
  }

  /** A share was lent by the amount of then: what is not in use of it is asked for anew. */
  private static void changed(Counter counter, Terms old, Terms next) {
    Budget before = old.byId().get(counter.key.budgetId());
    Budget after = next.byId().get(counter.key.budgetId());
    if (before != null && after != null && before.ticks() != after.ticks()) {
      counter.revise();
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
    while (true) {
      Tried tried = tried(demand, ticks, anyway);
      if (tried.held.isPresent()) {
        return tried.held.get();
      }
      if (!lent(demand, tried.poor.orElseThrow(), ticks)) {
        return new Held(this, demand, List.of(), ticks, true);
      }
    }
  }

  /** What came of a try: it is held, or this node's share of one does not suffice. */
  private record Tried(Optional<Held> held, Optional<Held.Line> poor) {}

  private Tried tried(Demand demand, long ticks, boolean anyway) {
    Reserved reserved;
    Held held;
    publishing.readLock().lock();
    try {
      reserved = reserve(demand, ticks, anyway);
      if (reserved.poor.isPresent()) {
        return new Tried(Optional.empty(), reserved.poor);
      }
      held = new Held(this, demand, reserved.lines, ticks, !reserved.known);
      Held before = live.put(demand.requestId(), held);
      if (before != null) {
        orphans.remove(demand.requestId());
        before.settle(Usage.NONE, 0); // what this work held before a restart
      }
    } finally {
      publishing.readLock().unlock();
    }
    if (anyway && reserved.known) {
      adopt(demand, reserved.lines);
    }
    return new Tried(Optional.of(held), Optional.empty());
  }

  private void adopt(Demand demand, List<Held.Line> lines) {
    try {
      hold(lines, List.of(demand.requestId()));
    } catch (DatabaseException e) {
      orphans.add(demand.requestId()); // it stays held here until an attempt takes it, or it ends
      throw Words.unwritable(e);
    }
  }

  /**
   * Asks for a larger share; false when that cannot be asked and is no obstacle.
   *
   * @throws ApiException when there is not enough
   */
  private boolean lent(Demand demand, Held.Line poor, long ticks) {
    try {
      Optional<Bound> refused = more(demand, poor, ticks);
      if (refused.isPresent()) {
        throw refused.get().usedUp();
      }
      return true;
    } catch (DatabaseException e) {
      unreadable(e);
      return false;
    }
  }

  private Optional<Bound> more(Demand demand, Held.Line poor, long ticks) {
    Budget budget = terms.byId().get(poor.budget().id());
    if (budget == null) {
      return Optional.empty(); // removed meanwhile
    }
    return lending
        .orElseThrow()
        .more(budget, poor.counter(), ticks, demand.at())
        .map(r -> refused(demand, poor, budget, r.taken(), ticks));
  }

  /** Tells of a refusal, but not those who only asked for one. */
  private Bound refused(Demand demand, Held.Line line, Budget budget, long taken, long ticks) {
    if (!demand.question()) {
      parts.told().refused(budget, line.counter().key.subject(), ticks);
    }
    return Words.bound(demand, budget, taken, ticks, parts.now().instant());
  }

  private Optional<Held.Line> poor(List<Held.Line> lines, long ticks) {
    Terms now = terms;
    return lending.flatMap(_ -> Lending.poor(lines, now, ticks));
  }

  /**
   * What a request counts in, or the budget that this node's share does not suffice of.
   *
   * @param known whether the figures of all of them are there
   */
  private record Reserved(List<Held.Line> lines, Optional<Held.Line> poor, boolean known) {}

  private Reserved reserve(Demand demand, long ticks, boolean anyway) {
    while (true) {
      Terms now = terms;
      List<Held.Line> lines = lines(demand, now, now.byId().keySet());
      lock(lines);
      try {
        if (lines.stream().anyMatch(l -> l.counter().dropped())) {
          continue; // it was given up in between: the next look makes it anew
        }
        boolean known = load(lines, demand.at());
        if (!anyway && known) {
          Optional<Held.Line> poor = poor(lines, ticks);
          if (poor.isPresent()) {
            return new Reserved(List.of(), poor, true);
          }
          Optional<Bound> refused = refusal(demand, lines, ticks);
          if (refused.isPresent()) {
            throw refused.get().usedUp();
          }
        }
        if (demand.question()) {
          return new Reserved(List.of(), Optional.empty(), known);
        }
        add(lines, ticks); // what passes unseen too, or figures that are there never learn of it
        return new Reserved(lines, Optional.empty(), known);
      } finally {
        unlock(lines);
      }
    }
  }

  static void lock(List<Held.Line> lines) {
    lines.forEach(l -> l.counter().lock.lock());
  }

  static void unlock(List<Held.Line> lines) {
    lines.reversed().forEach(l -> l.counter().lock.unlock());
  }

  private static void locked(List<Held.Line> lines, Runnable work) {
    lock(lines);
    try {
      work.run();
    } finally {
      unlock(lines);
    }
  }

  /** Whether the figures are there; false when they cannot be read and that is no obstacle. */
  private boolean load(List<Held.Line> lines, Instant at) {
    try {
      for (Held.Line l : lines) {
        Counter counter = l.counter();
        if (!counter.loaded()) {
          counter.load(settled(l, at));
        } else if (lending.isPresent() && !l.budget().hard() && counter.stale(FRESH_NANOS)) {
          counter.reload(settled(l, at));
        }
      }
      return true;
    } catch (DatabaseException e) {
      unreadable(e);
      return false;
    }
  }

  private long settled(Held.Line line, Instant at) {
    Budget b = line.budget();
    return spending.settled(b.teamId(), b.scope(), line.counter().key.subject(), b.window(), at);
  }

  /** Returns when it is no obstacle. */
  private void unreadable(DatabaseException e) {
    if (parts.config().outage() == BudgetConfig.Outage.OPEN) {
      log.warn("a request passes without its budgets: {}", e.getMessage());
      return;
    }
    throw Words.unreadable(e);
  }

  /** What stands against so many ticks more; the locks of the lines are held. */
  private Optional<Bound> refusal(Demand demand, List<Held.Line> lines, long ticks) {
    if (lending.isPresent()) {
      return Optional.empty(); // a share is never more than what is free
    }
    for (Held.Line l : lines) {
      Optional<Budget> now = Optional.ofNullable(terms.byId().get(l.budget().id()));
      if (now.isPresent() && now.get().hard() && ticks > 0) {
        long most = now.get().ticks();
        long taken = l.counter().taken();
        if (taken > most - ticks) {
          return Optional.of(refused(demand, l, now.get(), taken, ticks));
        }
      }
    }
    return Optional.empty();
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

  /** Takes more for a request that passed without its budgets. */
  void extendUnseen(List<Held.Line> lines, long more) {
    locked(lines, () -> add(lines, more));
  }

  /** Takes more for a request whose lock is held. */
  Optional<Bound> extend(Demand demand, List<Held.Line> lines, long more, long all) {
    Optional<Held.Line> poor;
    do {
      Optional<Bound> refused;
      lock(lines);
      try {
        poor = poor(lines, more);
        refused = poor.isPresent() ? Optional.empty() : refusal(demand, lines, more);
        if (poor.isEmpty() && refused.isEmpty()) {
          add(lines, more);
        }
      } finally {
        unlock(lines);
      }
      if (poor.isPresent()) {
        refused = enlarged(demand, poor.get(), more);
      }
      if (refused.isPresent()) {
        return refused;
      }
    } while (poor.isPresent());
    if (more == 0 || lines.stream().noneMatch(l -> l.budget().hard())) {
      return Optional.empty();
    }
    try {
      parts.extended().accept(demand.requestId(), all);
      return Optional.empty();
    } catch (ApiException e) {
      locked(lines, () -> lines.forEach(l -> l.counter().settle(more, 0)));
      return Optional.of(Words.unwritten(demand, more));
    }
  }

  private Optional<Bound> enlarged(Demand demand, Held.Line poor, long ticks) {
    try {
      return more(demand, poor, ticks);
    } catch (DatabaseException e) {
      return Optional.of(
          Words.unwritten(demand, ticks)); // without a ledger it would not be kept either
    }
  }

  /** Ends what a request held; its lock is held. */
  void settled(Held who, List<Held.Line> lines, long held, long cost) {
    Demand demand = who.demand();
    live.remove(demand.requestId(), who);
    if (cost > held && !lines.isEmpty()) {
      log.warn("request {} cost {} ticks, {} were held", demand.requestId(), cost, held);
      parts.told().overrun(cost - held);
    }
    locked(lines, () -> lines.forEach(l -> settled(l, held, cost)));
  }

  private void settled(Held.Line line, long held, long cost) {
    line.counter().settle(held, cost);
    if (lending.isPresent() && line.budget().hard()) {
      line.counter().share.spend(cost);
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
    return counted(demand).stream().map(l -> use(l, demand.at())).toList();
  }

  private List<Held.Line> counted(Demand demand) {
    publishing.readLock().lock();
    try {
      Reserved all = reserve(demand, 0, true);
      return !all.known
          ? List.of()
          : all.lines.stream()
              .filter(l -> !l.budget().id().equals(Terms.volumeId(l.budget().teamId())))
              .toList();
    } finally {
      publishing.readLock().unlock();
    }
  }

  @Override
  public List<Bound> bounds(Demand demand) {
    long ticks = demand.mostTicks(demand.tokens());
    Instant at = parts.now().instant();
    return uses(demand).stream()
        .map(
            u ->
                Words.bound(
                    demand, u.budget(), Math.addExact(u.settled(), u.reserved()), ticks, at))
        .toList();
  }

  @Override
  public Optional<Left> left(Demand demand) {
    long ticks = demand.mostTicks(demand.tokens());
    if (lending.isPresent() && Lending.enough(counted(demand), terms, ticks)) {
      return Optional.empty(); // what others hold and spent is a question to the database
    }
    return Words.left(demand, uses(demand), parts.now().instant());
  }

  /** What other nodes hold and spent of it is seen as held. */
  private Use use(Held.Line line, Instant at) {
    Use here = use(line.budget(), line.counter());
    if (lending.isEmpty() || !here.budget().hard()) {
      return here;
    }
    long gone = lending.get().gone(here.budget(), line.counter(), at).orElse(0);
    long elsewhere = Math.max(0, gone - here.settled() - here.reserved());
    return new Use(
        here.budget(), here.subject(), here.settled(), Math.addExact(here.reserved(), elsewhere));
  }

  /** All of them, and those that plans make. */
  public List<Budget> all() {
    return List.copyOf(terms.byId().values());
  }

  /** Every figure of the windows of a moment that is in memory, for metrics and tests. */
  public List<Use> uses(Instant at) {
    List<Use> uses = new ArrayList<>();
    for (Counter c : counters.values()) {
      Budget b = terms.byId().get(c.key.budgetId());
      if (b != null && c.key.start().equals(b.window().start(at))) {
        uses.add(use(b, c));
      }
    }
    return uses;
  }

  static Use use(Budget budget, Counter counter) {
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
