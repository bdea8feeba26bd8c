package dev.jubal.account.admission;

import dev.jubal.account.ledger.Companion;
import dev.jubal.account.ledger.Usage;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one request holds of every guard, from its admission until it is settled or released, which
 * happens once. Of one thread at a time.
 */
public final class Reservation {
  private final Demand demand;
  private final List<Hold> holds;
  private final Runnable ended;
  private Demand.Tokens granted;
  private @Nullable Bound refused;
  private boolean cut;
  private boolean over;

  Reservation(Demand demand, List<Hold> holds, Runnable ended) {
    this.demand = demand;
    this.holds = List.copyOf(holds);
    this.ended = ended;
    this.granted = demand.tokens();
    this.refused = demand.narrowed().orElse(null);
  }

  /** A request that nothing limits. */
  public static Reservation unlimited(Demand demand) {
    return new Reservation(demand, List.of(), () -> {});
  }

  /** Whether it may grow without end, as nobody holds anything. */
  public boolean limited() {
    return !holds.isEmpty();
  }

  /** All that may be used. */
  public Demand.Tokens granted() {
    return granted;
  }

  /** The most that may be charged, in ticks. */
  public long ticks() {
    return demand.mostTicks(granted);
  }

  /**
   * Takes more, before it is used: all guards hold it, or none does. After a refusal every further
   * one is refused.
   */
  public boolean extend(Demand.Tokens more) {
    if (refused != null) {
      return false;
    }
    for (Hold hold : holds) {
      Optional<Bound> bound = hold.extend(more);
      if (bound.isPresent()) {
        // what the guards before it took stays theirs until the settlement gives it back
        refused = bound.get();
        return false;
      }
    }
    granted = granted.plus(more);
    return true;
  }

  /** Whether it was narrowed from the beginning, so that an answer which ends by length was cut. */
  public boolean narrowed() {
    return demand.narrowed().isPresent();
  }

  /** The answer ends here, as no more was granted. */
  public void cut() {
    cut = true;
  }

  /** What cut the answer; empty for one that ended by itself, whatever was refused meanwhile. */
  public Optional<Bound> bound() {
    return cut ? Optional.ofNullable(refused) : Optional.empty();
  }

  /** How the caller stands: the first of the guards that says so. */
  public Optional<Standing> standing() {
    return holds.stream().flatMap(h -> h.standing().stream()).findFirst();
  }

  /** What the caller should know although nothing refuses it. */
  public Optional<String> warning() {
    return Optional.of(
            holds.stream().flatMap(h -> h.warning().stream()).collect(Collectors.joining(", ")))
        .filter(all -> !all.isEmpty());
  }

  /** What the guards write with the settlement. */
  public Companion settling(Usage used, long costTicks) {
    List<Companion> all =
        holds.stream()
            .map(h -> h.settling(used, costTicks))
            .filter(c -> !c.equals(Companion.NONE))
            .toList();
    return all.isEmpty() ? Companion.NONE : session -> all.forEach(c -> c.write(session));
  }

  /** Ends it: what was not used is free again. Does nothing the second time. */
  public void settle(Usage used, long costTicks) {
    if (!over) {
      end(h -> h.settle(used, costTicks));
    }
  }

  /** Ends it when nothing was begun. Does nothing the second time. */
  public void release() {
    if (!over) {
      end(Hold::release);
    }
  }

  /** Every hold is ended, whatever one of them throws. */
  private void end(Consumer<Hold> how) {
    over = true;
    RuntimeException failure = null;
    for (Hold hold : holds.reversed()) {
      try {
        how.accept(hold);
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    ended.run();
    if (failure != null) {
      throw failure;
    }
  }
}
