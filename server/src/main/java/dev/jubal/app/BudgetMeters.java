package dev.jubal.app;

import dev.jubal.account.alert.RefusedBudgets;
import dev.jubal.account.budget.Budget;
import dev.jubal.account.budget.Budgets;
import dev.jubal.account.budget.Told;
import dev.jubal.platform.metrics.ServerMetrics;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BinaryOperator;

/** Counts what budgets do, and shows how far some are used; labels stay few. */
final class BudgetMeters implements Told {
  private static final int SHOWN = 50;
  private static final String USED = "jubal.budget.used";

  /** Of two budgets that differ in nothing that is shown. */
  private static final BinaryOperator<Taken> NEARER =
      BinaryOperator.maxBy(Comparator.comparingDouble(Taken::share));

  private final ServerMetrics metrics;
  private final RefusedBudgets refused;
  private final InstantSource now;
  private final Map<Series, Taken> shown = new ConcurrentHashMap<>();

  /** What tells one share that is shown from another. */
  private record Series(String team, String budget, String kind) {
    static Series of(Budget b) {
      return new Series(b.teamId(), b.name(), b.hard() ? "hard" : "soft");
    }

    String[] labels() {
      return new String[] {"team", team, "budget", budget, "kind", kind};
    }
  }

  /** What is spent or held of a budget in the window that began then. */
  private record Taken(Budget budget, Instant window, long ticks) {
    double share() {
      return ticks / (double) Math.max(1, budget.ticks());
    }
  }

  BudgetMeters(ServerMetrics metrics, RefusedBudgets refused, InstantSource now) {
    this.metrics = metrics;
    this.refused = refused;
    this.now = now;
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
   * Shows how far the budgets of whole teams are used: of the first {@value #SHOWN} of them that
   * somebody asked for, as each is a series of its own. One thread calls it, again and again.
   */
  void show(Budgets budgets) {
    Map<Series, Taken> next = taken(budgets);
    shown.keySet().removeIf(series -> !next.containsKey(series) && hidden(series));
    next.forEach(this::show);
  }

  private boolean hidden(Series series) {
    metrics.hide(USED, series.labels());
    return true;
  }

  private void show(Series series, Taken taken) {
    if (shown.replace(series, taken) == null && shown.size() < SHOWN) {
      shown.put(series, taken);
      metrics.gauge(
          USED,
          "Share of a team's budget that is spent or held.",
          () -> Optional.ofNullable(shown.get(series)).map(Taken::share).orElse(0.0),
          series.labels());
    }
  }

  private Map<Series, Taken> taken(Budgets budgets) {
    Instant at = now.instant();
    Map<String, Long> asked = new HashMap<>();
    for (Budgets.Use use : budgets.uses(at)) {
      if (use.budget().scope() == Budget.Scope.TEAM) {
        asked.put(use.budget().id(), use.settled() + use.reserved());
      }
    }
    Map<Series, Taken> all = new HashMap<>();
    for (Budget b : budgets.all()) {
      if (b.scope() == Budget.Scope.TEAM && b.ticks() != Long.MAX_VALUE) {
        Instant window = b.window().start(at);
        Optional.ofNullable(asked.get(b.id()))
            .or(() -> before(b, window))
            .map(ticks -> new Taken(b, window, ticks))
            .ifPresent(t -> all.merge(Series.of(b), t, NEARER));
      }
    }
    return all;
  }

  /**
   * What was seen before of a budget whose figure is not in memory: one that nobody asks for is
   * given up there long before its window ends.
   */
  private Optional<Long> before(Budget b, Instant window) {
    return Optional.ofNullable(shown.get(Series.of(b)))
        .filter(t -> t.budget().id().equals(b.id()))
        .map(t -> t.window().equals(window) ? t.ticks() : 0L);
  }

  private void count(String name, String help, Budget budget) {
    metrics.add(name, help, 1, "budget", budget.name(), "scope", budget.scope().text());
  }
}
