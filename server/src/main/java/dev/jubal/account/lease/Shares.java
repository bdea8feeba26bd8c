package dev.jubal.account.lease;

import dev.jubal.platform.sql.DatabaseException;
import dev.jubal.platform.sql.Session;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * The shares of one kind that this node has: asked for before they are used, given back when others
 * want them. No method is called with the lock of a share held. Thread-safe.
 */
public final class Shares {
  private static final long WAIT_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long LOOK_NANOS = Duration.ofMillis(15).toNanos();
  private static final long REFUSED_NANOS = Duration.ofMillis(50).toNanos();

  private final Leases leases;
  private final String kind;
  private final Heir heir;
  private final Map<String, Share> known = new ConcurrentHashMap<>();

  /** Writes what still counts of a node that is gone. */
  @FunctionalInterface
  public interface Heir {
    void inherit(Session s, String node);
  }

  /**
   * Shares of a kind; what an earlier process of this node had is inherited.
   *
   * @param kind how their names begin, before the first colon
   * @throws DatabaseException when that cannot be done
   */
  public static Shares of(Leases leases, String kind, Heir heir) {
    Shares made = new Shares(leases, kind, heir);
    leases.add(made);
    return made;
  }

  private Shares(Leases leases, String kind, Heir heir) {
    this.leases = leases;
    this.kind = kind;
    this.heir = heir;
  }

  /**
   * What is shared.
   *
   * @param most the whole
   * @param spent of it for good
   */
  public record Whole(long most, Leases.Spent spent) {}

  /**
   * There is not enough of a share.
   *
   * @param taken all that is, here and elsewhere
   * @param free how long at most until there is enough, as far as what nodes used that are gone
   *     says; what living ones use says nothing
   */
  public record Refused(long taken, Optional<Duration> free) {}

  /**
   * Asks for as much more, and waits a moment for others that have some to spare.
   *
   * @return empty when there may be enough now
   * @throws DatabaseException when it cannot be asked
   */
  public Optional<Refused> more(Share share, long more, Whole whole) {
    long from = System.nanoTime();
    boolean want = true;
    try {
      while (true) {
        boolean last = System.nanoTime() - from > WAIT_NANOS;
        switch (once(share, more, whole, new Turn(want, last))) {
          case ENOUGH -> {
            return Optional.empty();
          }
          case REFUSED -> {
            return Optional.of(refusal(share, more));
          }
          case WAIT -> {
            want = false;
            LockSupport.parkNanos(LOOK_NANOS);
          }
        }
      }
    } finally {
      if (!want) {
        leases.told().waited(kind, Duration.ofNanos(System.nanoTime() - from));
      }
    }
  }

  private static Refused refusal(Share share, long more) {
    share.lock.lock();
    try {
      return share.refusal(more);
    } finally {
      share.lock.unlock();
    }
  }

  private enum Outcome {
    ENOUGH,
    REFUSED,
    WAIT
  }

  /**
   * One look of several.
   *
   * @param want whether others are told that it is wanted
   * @param last whether no other look follows
   */
  private record Turn(boolean want, boolean last) {}

  /** A share as it was when others were asked. */
  private record State(long lent, long untold, long revisions) {
    static State of(Share share) {
      return new State(share.lent(), share.untold(), share.revisions());
    }
  }

  private Outcome once(Share share, long more, Whole whole, Turn turn) {
    share.asking.lock();
    try {
      known.put(share.name, share);
      long need;
      State before;
      share.lock.lock();
      try {
        need = share.lacks(more);
        if (need <= 0) {
          return Outcome.ENOUGH;
        }
        if (share.refuses(more)) {
          return Outcome.REFUSED;
        }
        before = State.of(share);
      } finally {
        share.lock.unlock();
      }
      if (share.tooSoon() && !turn.last) {
        return Outcome.WAIT;
      }
      // asked after the state is taken: what failed to be settled by then is known by then
      long told = leases.certain() ? before.untold : 0;
      long keep = before.lent + before.untold - told;
      Leases.Answer answer =
          leases.ask(
              new Leases.Ask(share.name, keep, need, whole.most(), whole.spent(), turn.want));
      share.lock.lock();
      try {
        share.written(told, answer.granted());
        return learn(share, more, before, answer, turn.last);
      } finally {
        share.lock.unlock();
      }
    } finally {
      share.asking.unlock();
    }
  }

  private static Outcome learn(
      Share share, long more, State before, Leases.Answer answer, boolean last) {
    if (share.revisions() != before.revisions) {
      share.cut(); // it was lent by a whole that does not hold any more
    }
    if (answer.granted() > 0) {
      return Outcome.ENOUGH;
    }
    if (answer.waiting() == 0 || last) {
      share.refused(more, answer, last ? WAIT_NANOS : REFUSED_NANOS);
      return Outcome.REFUSED;
    }
    share.lookAgainIn(LOOK_NANOS);
    return Outcome.WAIT;
  }

  /**
   * Writes what is in use and was not asked for, since nothing stands against it.
   *
   * @param adopted work that another process left, which is in use here from now on
   * @throws DatabaseException when it cannot be written
   */
  public void hold(Share share, List<String> adopted) {
    share.asking.lock();
    try {
      known.put(share.name, share);
      write(share, false, adopted);
    } finally {
      share.asking.unlock();
    }
  }

  /** Its lock of asking is held. */
  private void write(Share share, boolean cut, List<String> adopted) {
    long lacks;
    State before;
    share.lock.lock();
    try {
      share.forget();
      if (cut) {
        share.cut();
      }
      lacks = Math.max(0, share.lacks(0));
      before = State.of(share);
    } finally {
      share.lock.unlock();
    }
    long told = leases.certain() ? before.untold : 0;
    leases.write(share.name, before.lent + lacks + before.untold - told, adopted);
    share.lock.lock();
    try {
      share.written(told, lacks);
    } finally {
      share.lock.unlock();
    }
  }

  /** How their names begin. */
  String prefix() {
    return kind + ":";
  }

  /**
   * Gives back what is not used of a share.
   *
   * @throws DatabaseException when that cannot be written; it will be asked again
   */
  void giveBack(String name) {
    Share share = known.get(name);
    if (share == null) {
      // nobody here uses it, and who begins to is known before it asks
      leases.write(name, 0, List.of(), () -> !known.containsKey(name));
      return;
    }
    share.asking.lock();
    try {
      write(share, true, List.of());
    } finally {
      share.asking.unlock();
    }
  }

  /**
   * Gives back what nobody asked for in a while, and forgets it.
   *
   * @throws DatabaseException when that cannot be written
   */
  public void giveBackIdle(Duration idle) {
    if (!leases.stands()) {
      return;
    }
    List.copyOf(known.values()).forEach(share -> giveBackIdle(share, idle));
  }

  private void giveBackIdle(Share share, Duration idle) {
    share.asking.lock(); // also while it is forgotten: else who asks meanwhile would not be known
    try {
      if (!idle(share, idle)) {
        return;
      }
      if (!empty(share)) {
        write(share, true, List.of());
      }
      if (empty(share)) {
        known.remove(share.name, share);
      }
    } finally {
      share.asking.unlock();
    }
  }

  private static boolean idle(Share share, Duration idle) {
    share.lock.lock();
    try {
      return share.idle(idle.toNanos());
    } finally {
      share.lock.unlock();
    }
  }

  private static boolean empty(Share share) {
    share.lock.lock();
    try {
      return share.empty();
    } finally {
      share.lock.unlock();
    }
  }

  /** Everything that was lent is void, as others took over; nothing may be used any more. */
  void lost() {
    for (Share share : known.values()) {
      share.asking.lock(); // an answer that is on its way is learnt before
      share.lock.lock();
      try {
        share.lost();
      } finally {
        share.lock.unlock();
        share.asking.unlock();
      }
    }
  }

  /**
   * Holds anew what is in use all the same.
   *
   * @throws DatabaseException when that cannot be written; it will be asked again
   */
  public void cover() {
    known.values().forEach(this::cover);
  }

  /**
   * Holds what is in use of a share and was not asked for.
   *
   * @throws DatabaseException when it cannot be written
   */
  public void cover(Share share) {
    boolean lacks;
    share.lock.lock();
    try {
      lacks = share.lacks(0) > 0;
    } finally {
      share.lock.unlock();
    }
    if (lacks && leases.stands()) {
      hold(share, List.of());
    }
  }

  /** Writes what still counts of a node that is gone, before its shares are taken away. */
  void inherit(Session s, String node) {
    heir.inherit(s, node);
  }

  /**
   * What others have of a share and what is spent, now.
   *
   * @throws DatabaseException when it cannot be read
   */
  public long gone(Share share, Whole whole) {
    return leases.look(new Leases.Ask(share.name, 0, 0, whole.most(), whole.spent(), false)).gone();
  }
}
