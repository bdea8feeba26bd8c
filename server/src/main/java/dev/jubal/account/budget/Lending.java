package dev.jubal.account.budget;

import dev.jubal.account.lease.Leases;
import dev.jubal.account.lease.Shares;
import dev.jubal.account.ledger.LedgerReader;
import dev.jubal.account.ledger.LedgerRow;
import dev.jubal.platform.sql.DatabaseException;
import dev.jubal.platform.sql.Row;
import dev.jubal.platform.sql.Session;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This node's shares of hard budgets. No method but {@link #poor} is called with locks held. */
final class Lending {
  private static final Logger log = LoggerFactory.getLogger(Lending.class);
  private static final String KIND = "budget";

  private final Shares shares;
  private final Function<LedgerRow, List<Held.Line>> lines;

  /**
   * @param lines the budgets that a request falls under
   */
  Lending(Leases leases, Function<LedgerRow, List<Held.Line>> lines) {
    this.lines = lines;
    this.shares = Shares.of(leases, KIND, this::inherit);
  }

  /** The name of a counter's share. */
  static String name(Counter.Key key) {
    return KIND + ":" + key.budgetId() + ":" + Row.micros(key.start()) + ":" + key.subject();
  }

  /** The first hard budget of which the share is too small for so much more; locks are held. */
  static Optional<Held.Line> poor(List<Held.Line> lines, Terms now, long ticks) {
    for (Held.Line line : lines) {
      Budget budget = now.byId().get(line.budget().id());
      if (ticks > 0 && budget != null && budget.hard() && !line.counter().share.covers(ticks)) {
        line.counter().touch(); // it is not to be let go of while more is asked for
        return Optional.of(line);
      }
    }
    return Optional.empty();
  }

  /** Whether the shares of all hard budgets suffice for so much more; takes the locks itself. */
  static boolean enough(List<Held.Line> lines, Terms now, long ticks) {
    Budgets.lock(lines);
    try {
      return poor(lines, now, ticks).isEmpty();
    } finally {
      Budgets.unlock(lines);
    }
  }

  /**
   * Asks for as much more, and waits a moment for others that have some to spare.
   *
   * @param at when the request asks, which says the window
   * @return empty when there may be enough now
   * @throws DatabaseException when it cannot be asked
   */
  Optional<Shares.Refused> more(Budget budget, Counter counter, long ticks, Instant at) {
    return shares.more(counter.share, ticks, whole(budget, counter, at));
  }

  private static Shares.Whole whole(Budget budget, Counter counter, Instant at) {
    return new Shares.Whole(budget.ticks(), Spending.asPart(budget, counter.key.subject(), at));
  }

  /** Writes what is held and was not asked for. */
  void hold(Counter counter, List<String> adopted) {
    shares.hold(counter.share, adopted);
  }

  /** The same, where there is such. */
  void cover(Counter counter) {
    shares.cover(counter.share);
  }

  Shares shares() {
    return shares;
  }

  private void inherit(Session s, String node) {
    List<LedgerRow> open = LedgerReader.heldBy(s, node);
    for (LedgerRow row : open) {
      for (Held.Line line : lines.apply(row)) {
        if (line.budget().hard()) {
          String name = line.counter().share.name();
          Leases.keepForWork(s, name, row.requestId(), row.reserved().ticks());
        }
      }
    }
    if (!open.isEmpty()) {
      log.info("kept what {} open requests of the node {} hold", open.size(), node);
    }
  }

  /** What others hold and all have spent of a budget, now; empty when it cannot be read. */
  OptionalLong gone(Budget budget, Counter counter, Instant at) {
    try {
      return OptionalLong.of(shares.gone(counter.share, whole(budget, counter, at)));
    } catch (DatabaseException e) {
      log.debug("what other nodes have cannot be read: {}", e.getMessage());
      return OptionalLong.empty();
    }
  }
}
