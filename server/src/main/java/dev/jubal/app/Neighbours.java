package dev.jubal.app;

import dev.jubal.account.lease.Leases;
import dev.jubal.platform.metrics.ServerMetrics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** What nodes lend each other, and what is shown of that. */
final class Neighbours implements Leases.Told {
  private final ServerMetrics metrics;

  private Neighbours(ServerMetrics metrics) {
    this.metrics = metrics;
  }

  /** Leases where the database is shared; elsewhere nobody lends anything. */
  static Optional<Leases> open(Storage storage, ServerMetrics metrics, InstantSource now) {
    if (!storage.database().shared()) {
      return Optional.empty();
    }
    Leases leases =
        new Leases(
            new Leases.Parts(
                storage.database(),
                storage.ledger().fence(),
                storage.ledger()::certain,
                now,
                new Neighbours(metrics)));
    metrics.gauge(
        "jubal.lease.held", "Shares of budgets and limits that this node has.", leases::held);
    return Optional.of(leases);
  }

  @Override
  public void asked(String kind, boolean granted, Duration took) {
    metrics.time(
        "jubal.lease.asked",
        "Shares that were asked for, and how long the database took.",
        took,
        "kind",
        kind,
        "granted",
        Boolean.toString(granted));
  }

  @Override
  public void waited(String kind, Duration waited) {
    metrics.time(
        "jubal.lease.waited",
        "Requests that waited for other nodes to give back what they do not use.",
        waited,
        "kind",
        kind);
  }

  @Override
  public void gaveBack(String kind) {
    metrics.add(
        "jubal.lease.given.back",
        "Shares of which the rest was given back, as another node asked.",
        1,
        "kind",
        kind);
  }

  @Override
  public void tookOver() {
    metrics.add("jubal.lease.taken.over", "Nodes that are gone, whose shares were taken over.", 1);
  }

  @Override
  public void lost() {
    metrics.add("jubal.lease.lost", "Times that others took over what this node was lent.", 1);
  }
}
