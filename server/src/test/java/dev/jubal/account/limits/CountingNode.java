package dev.jubal.account.limits;

import dev.jubal.account.Principal;
import dev.jubal.account.admission.Admittance;
import dev.jubal.account.admission.Demand;
import dev.jubal.account.admission.Reservation;
import dev.jubal.account.keys.KeyStore;
import dev.jubal.account.lease.Leases;
import dev.jubal.account.ledger.Admission;
import dev.jubal.account.ledger.LedgerConfig;
import dev.jubal.account.ledger.Price;
import dev.jubal.account.ledger.Settlement;
import dev.jubal.account.ledger.SqlLedger;
import dev.jubal.account.ledger.Usage;
import dev.jubal.platform.sql.Database;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** A node that counts against limits: its ledger, its shares, and the clock that tends them. */
final class CountingNode implements AutoCloseable {
  final Database database;
  final SqlLedger ledger;
  final Optional<Leases> leases;
  final LimitsGuard guard;
  final Admittance admittance;
  private final Optional<Lending> lending;
  private final AtomicBoolean silent = new AtomicBoolean();
  private final Thread clock;

  CountingNode(
      Database database, Map<Scope, Map<Quota, Long>> most, LongSupplier nanos, InstantSource now) {
    this(database, always(new Limits(most, Optional.empty())), nanos, now);
  }

  private static Function<Demand, Limits> always(Limits limits) {
    return demand -> limits;
  }

  CountingNode(
      Database database, Function<Demand, Limits> limits, LongSupplier nanos, InstantSource now) {
    this.database = database;
    new KeyStore(database, now).firstStart();
    this.ledger = SqlLedger.open(database, LedgerConfig.STANDARD, now);
    this.leases =
        database.shared()
            ? Optional.of(
                new Leases(
                    new Leases.Parts(
                        database, ledger.fence(), ledger::certain, now, Leases.Told.NOBODY)))
            : Optional.empty();
    this.lending = leases.map(Lending::new);
    this.guard =
        new LimitsGuard(
            limits, nanos, (scope, quota) -> {}, LimitsGuard.Before.of(database, lending, now));
    this.admittance = new Admittance(List.of(guard));
    this.clock = Thread.ofVirtual().start(this::tick);
  }

  private void tick() {
    while (!silent.get()) {
      leases.ifPresent(Leases::tick);
      lending.ifPresent(Lending::tend);
      LockSupport.parkNanos(10_000_000);
    }
  }

  static Demand demand(
      String id, String team, String key, Demand.Tokens tokens, InstantSource now) {
    return new Demand(
        id,
        new Principal(key, key, "xai-...abcd", "u", team, List.of()),
        Optional.empty(),
        "chat",
        "m",
        Price.FREE,
        tokens,
        true,
        now.instant());
  }

  /** Takes a request in and commits it, as the pipeline does. */
  Running admit(Demand d) {
    Reservation held = admittance.reserve(d);
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
            new Admission.Reserved(d.endUser(), 0, 0));
    ledger.admit(admission);
    return new Running(admission, held);
  }

  record Running(Admission admission, Reservation reservation) {}

  void settle(Running running, Usage used) {
    ledger.settle(
        running.admission(),
        new Settlement(
            used,
            0,
            0,
            true,
            Duration.ofMillis(1),
            Optional.empty(),
            Optional.empty(),
            200,
            Optional.empty()));
    running.reservation().settle(used, 0);
  }

  /** Hears of nothing any more. */
  void silence() {
    silent.set(true);
    try {
      clock.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    silence();
    ledger.close();
    database.close();
  }
}
