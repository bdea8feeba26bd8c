package dev.jubal.llama.queue;

import dev.jubal.llama.Share;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The order in which slots are given: by team, within a team by key, within a key by end user, and
 * for one end user first come, first served.
 *
 * <h2>The rule</h2>
 *
 * Start-time fair queueing, once at each level. Each branch (a team, a key, an end user) has a
 * <em>pass</em>: what its work has cost so far, divided by its weight. The branch with the least
 * pass is next. Cost is the time a slot is held, so ten short answers weigh as much as a long one.
 * It is charged by estimate when a slot is given, so that slots that still run count at once, and
 * set right as the slot goes on or comes free.
 *
 * <p>A branch that comes back after having had nothing to do starts at the pass of those served now
 * (the <em>virtual time</em> of its parent): it is next, but it has saved nothing up. So one key
 * that keeps a thousand requests waiting costs another key that sends one at a time no more than
 * the wait for the next slot that comes free.
 *
 * <h2>Background</h2>
 *
 * Background work has a tree of its own and gets a slot when no other work waits, and else one of
 * so many: it gives way, but it never stands still.
 *
 * <h2>More choices of a request</h2>
 *
 * A request that wants several slots is handed in again, as begun, for each further one. Of one end
 * user's work the begun and the waiting go in turn: neither a request of 128 choices nor a crowd of
 * single ones holds up the other.
 *
 * @param <T> what waits
 */
public final class Turns<T> {
  private final Function<T, Share> shareOf;
  private final Branch<T> interactive;
  private final Branch<T> background;
  private final int backgroundTurn;
  private int passedOver;

  /**
   * Turns of nobody.
   *
   * @param backgroundTurn one of so many slots goes to background work while other work waits
   */
  public Turns(Function<T, Share> shareOf, int backgroundTurn) {
    this(shareOf, backgroundTurn, new Branch<>(), new Branch<>(), 0);
  }

  private Turns(
      Function<T, Share> shareOf,
      int backgroundTurn,
      Branch<T> interactive,
      Branch<T> background,
      int passedOver) {
    this.shareOf = shareOf;
    this.backgroundTurn = backgroundTurn;
    this.interactive = interactive;
    this.background = background;
    this.passedOver = passedOver;
  }

  /** The same turns, which can be played on without a trace in these. */
  public Turns<T> copy() {
    return new Turns<>(shareOf, backgroundTurn, interactive.copy(), background.copy(), passedOver);
  }

  /** Work waits for its first slot. */
  public void add(T work) {
    Share share = shareOf.apply(work);
    root(share).path(share).getLast().waitingLine().addLast(work);
    count(share, 1);
  }

  /** Work that has a slot wants another one. */
  public void addBegun(T work) {
    Share share = shareOf.apply(work);
    root(share).path(share).getLast().begunLine().addLast(work);
    count(share, 1);
  }

  /** Work wants nothing any more; false if it did not wait. */
  public boolean remove(T work) {
    Share share = shareOf.apply(work);
    List<Branch<T>> path = root(share).path(share);
    boolean found = path.getLast().drop(work);
    if (found) {
      count(share, -1);
    }
    root(share).forgetIdle(path);
    return found;
  }

  private void count(Share share, int more) {
    Branch<T> root = root(share);
    root.waits(more);
    Branch<T> parent = root;
    for (Branch<T> branch : root.path(share)) {
      branch.waits(more);
      if (more > 0) {
        branch.catchUp(parent);
      }
      parent = branch;
    }
  }

  /**
   * Takes the work whose turn it is and charges it with what a slot is expected to cost.
   *
   * @param ready whether work can be given a slot now; what is not ready is passed over
   * @param expected cost of a slot, corrected by {@link #charge} and {@link #release}
   */
  public @Nullable T take(Predicate<T> ready, ToDoubleFunction<T> expected) {
    Branch<T> root = nextRoot(ready);
    if (root == null) {
      return null;
    }
    List<Branch<T>> path = new ArrayList<>();
    T work = root.take(ready, path);
    double cost = expected.applyAsDouble(work);
    root.waits(-1);
    root.holds(1);
    for (Branch<T> branch : path) {
      branch.waits(-1);
      branch.holds(1);
      branch.charge(cost);
    }
    return work;
  }

  private @Nullable Branch<T> nextRoot(Predicate<T> ready) {
    boolean patient = background.anyReady(ready);
    if (!interactive.anyReady(ready)) {
      passedOver = 0;
      return patient ? background : null;
    }
    if (patient && ++passedOver >= backgroundTurn) {
      passedOver = 0;
      return background;
    }
    return interactive;
  }

  /** A slot that is still held has cost more than was charged for it. */
  public void charge(Share share, double cost) {
    root(share).path(share).forEach(branch -> branch.charge(cost));
  }

  /** A slot came free; {@code correction} is what it cost beyond what was charged, or less. */
  public void release(Share share, double correction) {
    Branch<T> root = root(share);
    List<Branch<T>> path = root.path(share);
    root.holds(-1);
    for (Branch<T> branch : path) {
      branch.holds(-1);
      branch.charge(correction);
    }
    root.forgetIdle(path);
  }

  /** Whether work of a share that waits for nothing would be next if it came now. */
  public boolean wouldBeNext(Share share) {
    return root(share).wouldBeNext(share);
  }

  /** Whether anything of a key waits or holds a slot. */
  public boolean busy(Share share) {
    return root(share).busy(share);
  }

  /** How many teams, keys and end users are remembered. */
  int branches() {
    return interactive.branches() + background.branches();
  }

  private Branch<T> root(Share share) {
    return share.background() ? background : interactive;
  }
}
