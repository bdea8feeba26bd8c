package dev.jubal.account.alert;

import dev.jubal.account.budget.Budget;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Budgets that refused a request. One that did for what was spent is used up, although requests
 * that hold more than they cost never let it reach its last tick. Thread-safe; never blocks.
 */
public final class RefusedBudgets {
  private static final int MOST = 10_000;

  private final InstantSource now;
  private final Map<Key, Mark> marks = new ConcurrentHashMap<>();

  public RefusedBudgets(InstantSource now) {
    this.now = now;
  }

  private record Key(String budgetId, String subject) {}

  /**
   * A refusal.
   *
   * @param asked ticks that did not fit
   */
  record Mark(Budget budget, String subject, long asked, Instant at) {
    /** Whether it was not for what others hold and may give back. */
    boolean forSpent(long ticks) {
      return ticks > budget.ticks() - asked;
    }
  }

  /** Notes a refusal. */
  public void refused(Budget budget, String subject, long asked) {
    if (asked > budget.ticks()) {
      return; // what never fits says nothing of what was spent
    }
    Key key = new Key(budget.id(), subject);
    if (marks.size() < MOST || marks.containsKey(key)) {
      marks.put(key, new Mark(budget, subject, asked, now.instant()));
    }
  }

  /** Forgets those of windows that a moment is not in. */
  void forget(Instant at) {
    marks.values().removeIf(m -> !current(m, at));
  }

  /** Those of a budget of that amount in the window of a moment. */
  List<Mark> of(Budget budget, Instant at) {
    return marks.values().stream()
        .filter(m -> m.budget.id().equals(budget.id()) && m.budget.ticks() == budget.ticks())
        .filter(m -> current(m, at))
        .toList();
  }

  private static boolean current(Mark m, Instant at) {
    return m.budget.window().start(at).equals(m.budget.window().start(m.at));
  }
}
