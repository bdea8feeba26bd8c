package dev.jubal.account.budget;

import dev.jubal.account.admission.Bound;
import dev.jubal.account.admission.Demand;
import dev.jubal.account.admission.Hold;
import dev.jubal.account.ledger.Usage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * What one request holds of its budgets: the most that the tokens granted to it can cost. Its lock
 * is taken before those of counters.
 */
final class Held implements Hold {
  /**
   * A budget it counts in.
   *
   * @param budget as it was when the request began to count in it
   */
  record Line(Budget budget, Counter counter) {}

  private final Budgets budgets;
  private final Demand demand;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Line> lines;
  private final boolean unseen;
  private Demand.Tokens granted;
  private long ticks;
  private boolean over;

  /**
   * Holds so many ticks already.
   *
   * @param unseen whether it passed as its budgets could not be read: then nothing stands against
   *     more, either
   */
  Held(Budgets budgets, Demand demand, List<Line> lines, long ticks, boolean unseen) {
    this.budgets = budgets;
    this.demand = demand;
    this.lines = new ArrayList<>(lines);
    this.granted = demand.tokens();
    this.ticks = ticks;
    this.unseen = unseen;
  }

  Demand demand() {
    return demand;
  }

  /** Counts from now on in budgets that were made while it runs. */
  void join(List<Line> others) {
    lock.lock();
    try {
      if (over) {
        return;
      }
      List<Line> more =
          others.stream()
              .filter(o -> lines.stream().noneMatch(l -> l.counter() == o.counter()))
              .toList();
      for (Line line : more) {
        line.counter().lock.lock();
        try {
          line.counter().reserve(ticks);
        } finally {
          line.counter().lock.unlock();
        }
      }
      lines.addAll(more);
      lines.sort(Comparator.comparing(l -> l.counter().key));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<Bound> extend(Demand.Tokens more) {
    lock.lock();
    try {
      Demand.Tokens all = granted.plus(more);
      long next = Math.max(ticks, demand.mostTicks(all));
      Optional<Bound> refused = Optional.empty();
      if (unseen) {
        budgets.extendUnseen(lines, next - ticks);
      } else {
        refused = budgets.extend(demand, lines, next - ticks, next);
      }
      if (refused.isEmpty()) {
        granted = all;
        ticks = next;
      }
      return refused;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Soft budgets that are passed, this request included; nobody is named by what a client wrote.
   */
  @Override
  public Optional<String> warning() {
    lock.lock();
    try {
      return Optional.of(
              lines.stream()
                  .flatMap(
                      l -> Words.passed(Budgets.use(l.budget(), l.counter()), demand.at()).stream())
                  .collect(Collectors.joining(", ")))
          .filter(all -> !all.isEmpty());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void settle(Usage used, long costTicks) {
    lock.lock();
    try {
      if (over) {
        return;
      }
      over = true;
      budgets.settled(this, lines, ticks, costTicks);
    } finally {
      lock.unlock();
    }
  }
}
