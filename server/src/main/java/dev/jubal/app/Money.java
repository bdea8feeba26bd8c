package dev.jubal.app;

import dev.jubal.account.alert.RefusedBudgets;
import dev.jubal.account.budget.Budgets;
import dev.jubal.account.lease.Leases;
import dev.jubal.account.ledger.Ledger;
import dev.jubal.account.ledger.Price;
import dev.jubal.account.price.PriceTable;
import dev.jubal.platform.metrics.ServerMetrics;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * What requests cost, and what stands against that.
 *
 * @param budgets the guard
 * @param prices the tariff
 * @param meters shows how far budgets are used
 */
record Money(Budgets budgets, PriceTable prices, BudgetMeters meters) {
  /**
   * What it works with.
   *
   * @param tools the catalogue's prices of tools
   */
  record Parts(
      Optional<Leases> leases,
      Ledger ledger,
      ServerMetrics metrics,
      InstantSource now,
      RefusedBudgets refused,
      List<Price> tools) {}

  static Money open(Config config, Storage storage, Parts parts) {
    ServerMetrics metrics = parts.metrics();
    BudgetMeters meters = new BudgetMeters(metrics, parts.refused(), parts.now());
    unknownPrice(metrics, 0); // so that the first one is seen as a change
    Budgets budgets =
        new Budgets(
            new Budgets.Parts(
                storage.database(),
                config.budget(),
                parts.now(),
                parts.ledger()::extend,
                meters,
                parts.leases()));
    PriceTable prices =
        new PriceTable(
            storage.database(),
            config.price(),
            budgets::share,
            parts.tools(),
            () -> unknownPrice(metrics, 1));
    return new Money(budgets, prices, meters);
  }

  static void unknownPrice(ServerMetrics metrics, long count) {
    metrics.add("jubal.price.unknown", "Requests whose price nobody knows.", count);
  }

  /** Sees what changed in the rows. */
  void refresh() {
    budgets.refresh();
    prices.refresh();
    meters.show(budgets);
  }
}
