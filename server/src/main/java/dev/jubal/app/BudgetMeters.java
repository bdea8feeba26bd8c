package dev.jubal.app;

import dev.jubal.account.budget.Budget;
import dev.jubal.account.budget.Budgets;
import dev.jubal.platform.metrics.ServerMetrics;

/** Counts what budgets do. No label names a team or a user: these may be many. */
final class BudgetMeters implements Budgets.Told {
  private final ServerMetrics metrics;

  BudgetMeters(ServerMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void refused(Budget budget) {
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

  private void count(String name, String help, Budget budget) {
    metrics.add(name, help, 1, "budget", budget.name(), "scope", budget.scope().text());
  }
}
