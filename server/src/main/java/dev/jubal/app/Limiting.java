package dev.jubal.app;

import dev.jubal.account.limits.Lending;
import dev.jubal.account.limits.LimitBook;
import dev.jubal.account.limits.LimitStore;
import dev.jubal.account.limits.LimitsGuard;
import dev.jubal.account.limits.MachineSize;
import dev.jubal.account.limits.Quota;
import dev.jubal.account.limits.Scope;
import dev.jubal.account.limits.TierRaise;
import dev.jubal.platform.metrics.ServerMetrics;
import java.time.InstantSource;
import java.util.Optional;

/** The limits of this server, and what is shown of them. */
final class Limiting {
  private Limiting() {}

  /** The stored limits, and those of this machine's size. */
  static LimitBook book(Config config, Storage storage) {
    MachineSize machine = new MachineSize(config.engine().slots(), config.engine().queueSize());
    return new LimitBook(new LimitStore(storage.database()), machine);
  }

  /** A guard over the stored limits, counting in this process, within its share if it has one. */
  static LimitsGuard guard(
      Config config,
      Storage storage,
      Optional<Lending> lending,
      ServerMetrics metrics,
      InstantSource now) {
    LimitsGuard guard =
        new LimitsGuard(
            book(config, storage),
            System::nanoTime,
            (scope, quota) -> refused(metrics, scope, quota),
            LimitsGuard.Before.of(storage.database(), lending, now));
    show(guard, metrics);
    return guard;
  }

  /** Raises teams that spent enough, each time it is run. */
  static Runnable raising(Storage storage, ServerMetrics metrics) {
    TierRaise tiers = new TierRaise(storage.database());
    return () -> raise(tiers, metrics);
  }

  private static void raise(TierRaise tiers, ServerMetrics metrics) {
    for (TierRaise.Raised raised : tiers.run()) {
      metrics.add(
          "jubal.tier.raised",
          "Teams raised to a higher tier by what they spent.",
          1,
          "tier",
          raised.to());
    }
  }

  private static void refused(ServerMetrics metrics, Scope scope, Quota quota) {
    refused(metrics, scope, quota, 1);
  }

  private static void refused(ServerMetrics metrics, Scope scope, Quota quota, long count) {
    metrics.add(
        "jubal.limits.refused",
        "Requests, and further tokens of running ones, that a limit refused.",
        count,
        "scope",
        scope.id(),
        "limit",
        quota.id());
  }

  /** By kinds of limits alone: callers are too many for labels. */
  private static void show(LimitsGuard guard, ServerMetrics metrics) {
    for (Scope scope : Scope.values()) {
      for (Quota quota : Quota.values()) {
        refused(metrics, scope, quota, 0); // so that the first one is seen as a change
        metrics.gauge(
            "jubal.limits.use",
            "The largest part of a limit that any one caller has taken, 0 to 1.",
            () -> guard.use(scope, quota),
            "scope",
            scope.id(),
            "limit",
            quota.id());
      }
    }
    metrics.gauge(
        "jubal.limits.open",
        "Requests of limited models that are admitted and not settled.",
        () -> guard.open(Scope.MODEL));
    metrics.gauge(
        "jubal.limits.held.tokens", "Tokens held for them.", () -> guard.held(Scope.MODEL));
  }
}
