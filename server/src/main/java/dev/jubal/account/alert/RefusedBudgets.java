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
  /** Whoever calls under many names fills the marks of its own budget, and no other's. */
  private static final int MOST_OF_ONE = 100;

  private final InstantSource now;
  private final Map<String, Map<String, Mark>> marks = new ConcurrentHashMap<>();

  public RefusedBudgets(InstantSource now) {
    this.now = now;
  }

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
    Map<String, Mark> own = marks.computeIfAbsent(budget.id(), _ -> new ConcurrentHashMap<>());
    if (own.size() < MOST_OF_ONE || own.containsKey(subject)) {
      own.put(subject, new Mark(budget, subject, asked, now.instant()));
    }
  }

  /** Forgets those of windows that a moment is not in. */
  void forget(Instant at) {
    marks.values().forEach(own -> own.values().removeIf(m -> !current(m, at)));
    // one that comes in between is lost, and comes again with the next refusal
    marks.values().removeIf(Map::isEmpty);
  }

  /** Those of a budget of that amount in the window of a moment. */
  List<Mark> of(Budget budget, Instant at) {
    return marks.getOrDefault(budget.id(), Map.of()).values().stream()
        .filter(m -> m.budget.ticks() == budget.ticks() && current(m, at))
        .toList();
  }

  private static boolean current(Mark m, Instant at) {
    return m.budget.window().start(at).equals(m.budget.window().start(m.at));
  }
}
