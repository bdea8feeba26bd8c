package dev.jubal.app;

import dev.jubal.account.alert.RefusedBudgets;
import dev.jubal.account.budget.Budget;
import dev.jubal.account.budget.Budgets;
import dev.jubal.platform.metrics.ServerMetrics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts what budgets do, and shows how far some are used; labels stay few. */
final class BudgetMeters implements Budgets.Told {
  private static final int SHOWN = 50;

  private final ServerMetrics metrics;
  private final RefusedBudgets refused;
  private final Map<String, Double> used = new ConcurrentHashMap<>();

  BudgetMeters(ServerMetrics metrics, RefusedBudgets refused) {
    this.metrics = metrics;
    this.refused = refused;
    overrun(0); // so that the first one is seen as a change
  }

  @Override
  public void refused(Budget budget, String subject, long asked) {
    refused.refused(budget, subject, asked);
    count(
        "jubal.budget.refused", "Requests, or more tokens for one, that a budget refused.", budget);
  }

  @Override
  public void passed(Budget budget, String subject) {
    count("jubal.budget.passed", "Soft budgets that were passed, once a window.", budget);
  }

  @Override
  public void overrun(long ticks) {
    metrics.add(
        "jubal.budget.overrun.ticks",
        "Cost of requests beyond what was held for them, in ticks of 1e-10 USD.",
        ticks);
  }

  /**
   * Shows how far the budgets of whole teams are used: of the first {@value #SHOWN} of them, as
   * each is a series of its own.
   */
  void show(Budgets budgets) {
    for (Budgets.Use use : budgets.uses()) {
      Budget b = use.budget();
      if (b.scope() != Budget.Scope.TEAM || b.ticks() == Long.MAX_VALUE || !shown(b)) {
        continue;
      }
      used.put(b.id(), (use.settled() + use.reserved()) / (double) Math.max(1, b.ticks()));
    }
  }

  private boolean shown(Budget b) {
    if (used.containsKey(b.id())) {
      return true;
    }
    if (used.size() >= SHOWN) {
      return false;
    }
    metrics.gauge(
        "jubal.budget.used",
        "Share of a team's budget that is spent or held.",
        () -> used.getOrDefault(b.id(), 0.0),
        "team",
        b.teamId(),
        "budget",
        b.name(),
        "kind",
        b.hard() ? "hard" : "soft");
    return true;
  }

  private void count(String name, String help, Budget budget) {
    metrics.add(name, help, 1, "budget", budget.name(), "scope", budget.scope().text());
  }
}
