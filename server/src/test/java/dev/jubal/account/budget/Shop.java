package dev.jubal.account.budget;

import dev.jubal.account.Principal;
import dev.jubal.account.admission.Admittance;
import dev.jubal.account.admission.Demand;
import dev.jubal.account.admission.Reservation;
import dev.jubal.account.keys.KeyStore;
import dev.jubal.account.keys.TeamStore;
import dev.jubal.account.lease.Leases;
import dev.jubal.account.ledger.Admission;
import dev.jubal.account.ledger.LedgerCheck;
import dev.jubal.account.ledger.LedgerConfig;
import dev.jubal.account.ledger.Price;
import dev.jubal.account.ledger.Settlement;
import dev.jubal.account.ledger.SqlLedger;
import dev.jubal.account.ledger.Usage;
import dev.jubal.platform.sql.Database;
import dev.jubal.testing.Stores;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** A ledger and its budgets, and requests as the pipeline makes them. */
final class Shop implements AutoCloseable {
  /** 2 ticks a token read, 10 a token written. */
  static final Price PRICE =
      new Price(Instant.EPOCH, new Price.Rate(2, 1, 10), 0, Price.Rate.FREE, "test");

  final Database database;
  final String team;
  final BudgetStore budgets;
  final Credits credits;
  final Plans plans;
  final SqlLedger ledger;
  final Optional<Leases> leases;
  final Budgets guard;
  final Admittance admittance;
  final AtomicLong overrun = new AtomicLong();

  /** What the guard told of refusals, and of soft budgets that are passed. */
  final List<String> told = new CopyOnWriteArrayList<>();

  private final InstantSource now;

  Shop(Path folder, InstantSource now) {
    this(Stores.SQLITE, folder, now);
  }

  Shop(Stores on, Path folder, InstantSource now) {
    this(on.open(folder), now);
  }

  /** A node of a database. */
  Shop(Database database, InstantSource now) {
    this.now = now;
    this.database = database;
    new KeyStore(database, now).firstStart();
    this.team = new TeamStore(database).named("default").id();
    this.budgets = new BudgetStore(database, now);
    this.credits = new Credits(database, now);
    this.plans = new Plans(database, now);
    this.ledger = SqlLedger.open(database, LedgerConfig.STANDARD, now);
    this.leases =
        database.shared()
            ? Optional.of(
                new Leases(
                    new Leases.Parts(
                        database, ledger.fence(), ledger::certain, now, Leases.Told.NOBODY)))
            : Optional.empty();
    this.guard =
        new Budgets(
            new Budgets.Parts(
                database,
                BudgetConfig.STANDARD,
                now,
                ledger::extend,
                new Told() {
                  @Override
                  public void refused(Budget budget, String subject, long asked) {
                    told.add("refused " + budget.name());
                  }

                  @Override
                  public void passed(Budget budget, String subject) {
                    told.add("passed " + budget.name());
                  }

                  @Override
                  public void overrun(long ticks) {
                    overrun.addAndGet(ticks);
                  }
                },
                leases));
    this.admittance = new Admittance(List.of(guard));
  }

  /** A budget, seen at once. */
  Budget budget(Budget.Scope scope, String subject, Window window, boolean hard, long ticks) {
    Budget made = budgets.set(new BudgetStore.Wanted(team, scope, subject, window, hard, ticks));
    guard.refresh();
    return made;
  }

  Principal key(String id) {
    return new Principal(id, id, "xai-...test", "user", team, List.of());
  }

  Demand demand(String id, Principal who, Optional<String> endUser, long prompt, long output) {
    return new Demand(
        id,
        who,
        endUser,
        "chat",
        "m",
        PRICE,
        new Demand.Tokens(prompt, output),
        true,
        now.instant());
  }

  /** A request that is admitted and not settled yet. */
  record Running(Admission admission, Reservation reservation) {}

  /** Admits a request as the pipeline does. */
  Running admit(Demand d) {
    return admitted(d, admittance.reserve(d));
  }

  /** Commits the admission of a request for which something is held. */
  Running admitted(Demand d, Reservation held) {
    Admission admission =
        new Admission(
                d.requestId(),
                Optional.empty(),
                d.principal(),
                d.endpoint(),
                d.model(),
                d.model(),
                "scripted",
                d.price(),
                false,
                d.at(),
                new Admission.Reserved(d.endUser(), 0, 0))
            .holding(held.granted().total(), held.ticks());
    try {
      ledger.admit(admission);
    } catch (RuntimeException e) {
      held.release();
      throw e;
    }
    return new Running(admission, held);
  }

  /** Settles it; returns its cost. */
  long settle(Running r, Usage used) {
    long cost = PRICE.cost(used);
    try {
      ledger.settle(
          r.admission(),
          new Settlement(
              used,
              cost,
              0,
              true,
              Duration.ofMillis(1),
              Optional.empty(),
              Optional.empty(),
              200,
              Optional.empty()));
    } finally {
      r.reservation().settle(used, cost);
    }
    return cost;
  }

  /** The figure of a budget in memory. */
  Budgets.Use use(Budget budget) {
    return guard.uses(now.instant()).stream()
        .filter(u -> u.budget().id().equals(budget.id()))
        .findFirst()
        .orElseThrow();
  }

  /** Marks a request as work that goes on after a restart, as the queue of work does. */
  void goesOn(String id, String keyId) {
    database.write(
        s ->
            s.update(
                "INSERT INTO work (id, kind, team_id, key_id, state, attempts, request, shape,"
                    + " grace_us, created_us, expires_us) VALUES (?, 'deferred', ?, ?, 'open', 0,"
                    + " ?, ?, 0, ?, ?)",
                id,
                team,
                keyId,
                new byte[0],
                new byte[0],
                now.instant(),
                now.instant().plusSeconds(3600)));
  }

  /** Such work is over. */
  void ended(String id) {
    database.write(s -> s.update("UPDATE work SET state = 'done' WHERE id = ?", id));
  }

  /** Ticks settled in a window by the rows themselves, without any sum. */
  long settledByRows(String where, Object... arguments) {
    return database.read(
        s ->
            s.first(
                    "SELECT COALESCE(SUM(s.cost_ticks), 0) AS ticks FROM ledger_settlement s JOIN"
                        + " ledger_admission a ON a.request_id = s.request_id WHERE "
                        + where,
                    row -> row.whole("ticks"),
                    arguments)
                .orElseThrow());
  }

  /** How many rows of the ledger are not as they should be. */
  long wrong() {
    return new LedgerCheck(database).run().stream().mapToLong(LedgerCheck.Finding::wrong).sum();
  }

  @Override
  public void close() {
    ledger.close();
    database.close();
  }
}
