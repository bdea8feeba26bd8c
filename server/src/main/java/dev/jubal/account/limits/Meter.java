package dev.jubal.account.limits;

import dev.jubal.account.admission.Standing;
import dev.jubal.account.lease.Share;
import dev.jubal.account.lease.Shares;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The counters of one subject, such as a team and a model. All methods but {@link #enter} are
 * called with {@link #lock} held.
 *
 * <p>Requests count when they are admitted. Tokens are held from their reservation to the
 * settlement, whatever time passes, and what was used counts from the settlement on for one window:
 * so whichever moment between the two is taken for the one at which tokens are used, no window has
 * more of them than the limit.
 */
final class Meter {
  /** Of who looks up what an earlier process counted; taken before {@link #lock}. */
  final ReentrantLock filling = new ReentrantLock();

  final ReentrantLock lock = new ReentrantLock();
  private final EnumMap<Quota, SlidingWindow> windows = new EnumMap<>(Quota.class);
  private final EnumMap<Quota, Long> lastMost = new EnumMap<>(Quota.class);
  private final EnumMap<Quota, Lot> lots = new EnumMap<>(Quota.class);
  private final EnumSet<Quota> filled = EnumSet.noneOf(Quota.class);
  private long open;
  private long held;
  // who asks other nodes for more, without the lock
  private int asking;
  private boolean gone;

  /** What this node has of a limit that all share. */
  private static final class Lot {
    final Share share;
    long most;

    Lot(Share share, long most) {
      this.share = share;
      this.most = most;
    }
  }

  /**
   * Something does not fit.
   *
   * @param used what is taken now
   * @param free nanoseconds until it fits; empty when nothing but the end of others' requests, or
   *     nothing at all, brings that about
   */
  record Shortage(Quota quota, long most, long used, long asked, OptionalLong free) {
    /** Whether it does not fit even alone. */
    boolean never() {
      return asked > most;
    }

    /** Whether this one takes longer to pass than another. */
    boolean worseThan(@Nullable Shortage other) {
      if (other == null || other.never()) {
        return other == null;
      }
      return never() || free.orElse(1) > other.free.orElse(1);
    }
  }

  /** The slots in which a request was counted. */
  record Counted(Map<Quota, Long> slots) {}

  /**
   * The first limit of which this node's share is too small. Then {@link #asked} is called when it
   * was asked for; until that the meter stays.
   *
   * @param name of a limit among all that is shared
   * @param nanos the clock
   */
  Optional<Poor> poor(
      Map<Quota, Long> limits,
      long requests,
      long tokens,
      Function<Quota, String> name,
      LongSupplier nanos) {
    for (Map.Entry<Quota, Long> limit : limits.entrySet()) {
      Quota quota = limit.getKey();
      long more = quota.tokens() ? tokens : requests;
      if (more == 0) {
        continue;
      }
      Share share = share(quota, limit.getValue(), name, nanos);
      if (!share.covers(more)) {
        asking++;
        return Optional.of(new Poor(quota, share, limit.getValue(), more));
      }
    }
    return Optional.empty();
  }

  /** A limit of which this node's share is too small. */
  record Poor(Quota quota, Share share, long most, long more) {}

  private Share share(Quota quota, long most, Function<Quota, String> name, LongSupplier nanos) {
    Lot lot =
        lots.computeIfAbsent(
            quota,
            q -> new Lot(new Share(name.apply(q), lock, () -> used(q, nanos.getAsLong())), most));
    if (lot.most != most) {
      lot.most = most;
      lot.share.revise();
    }
    return lot.share;
  }

  /** What was found missing was asked for; says what stands against it, if it was refused. */
  Optional<Shortage> asked(Poor poor, Optional<Shares.Refused> refused, long now) {
    asking--;
    return refused.map(
        r ->
            new Shortage(
                poor.quota,
                poor.most,
                Math.min(poor.most, r.taken()),
                poor.more,
                untilLent(poor, r, now)));
  }

  /**
   * Until there is enough at the latest: when what is used here leaves its window, or what nodes
   * used that are gone. When living nodes use less is not known, but no window is longer than one.
   */
  private OptionalLong untilLent(Poor poor, Shares.Refused refused, long now) {
    Quota quota = poor.quota;
    boolean fits = poor.more <= poor.share.lent();
    OptionalLong here =
        fits ? untilRoom(quota, poor.share.lent() - poor.more, now) : OptionalLong.empty();
    if (refused.free().isPresent()) {
      long past = refused.free().get().toNanos();
      return OptionalLong.of(Math.min(past, here.orElse(past)));
    }
    return fits || quota.window().isEmpty() ? here : OptionalLong.of(window(quota).length());
  }

  /** What of a limit may be taken here. */
  private long may(Quota quota, long most) {
    Lot lot = lots.get(quota);
    return lot == null ? most : Math.min(most, lot.share.lent());
  }

  /** Of which limits it was not yet counted what an earlier process did. */
  List<Quota> unfilled(Set<Quota> limits) {
    return limits.stream().filter(q -> q.window().isPresent() && !filled.contains(q)).toList();
  }

  /** Counts what an earlier process did. */
  void fill(Quota quota, List<Past.Used> used, long now) {
    filled.add(quota);
    for (Past.Used u : used) {
      window(quota).addPast(now, u.ageNanos(), u.amount());
    }
  }

  /** Takes the lock, unless it was retired; then another one has to be asked for. */
  boolean enter() {
    lock.lock();
    try {
      return !gone;
    } finally {
      if (gone) {
        lock.unlock();
      }
    }
  }

  /** Each limit, whether or not it stands against a request. */
  List<Shortage> states(Map<Quota, Long> limits, long tokens, long now) {
    List<Shortage> all = new ArrayList<>();
    limits.forEach(
        (quota, most) -> {
          long asked = quota.tokens() ? tokens : 1;
          long used = used(quota, now);
          OptionalLong free =
              used + asked <= most ? OptionalLong.of(0) : untilRoom(quota, most - asked, now);
          all.add(new Shortage(quota, most, used, asked, free));
        });
    return all;
  }

  /** The limit that stands longest against a request, if one does. */
  Optional<Shortage> against(Map<Quota, Long> limits, long requests, long tokens, long now) {
    Shortage worst = null;
    for (Map.Entry<Quota, Long> limit : limits.entrySet()) {
      Quota quota = limit.getKey();
      long asked = quota.tokens() ? tokens : requests;
      long used = used(quota, now);
      if (asked == 0 || used + asked <= limit.getValue()) {
        continue;
      }
      OptionalLong free = untilRoom(quota, limit.getValue() - asked, now);
      Shortage found = new Shortage(quota, limit.getValue(), used, asked, free);
      worst = found.worseThan(worst) ? found : worst;
    }
    return Optional.ofNullable(worst);
  }

  private OptionalLong untilRoom(Quota quota, long room, long now) {
    long lasting = quota.tokens() ? held : 0;
    if (quota == Quota.CONCURRENT_REQUESTS || lasting > room) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(window(quota).untilAtMost(now, room - lasting));
  }

  /** Counts a request, and holds its tokens. */
  Counted take(Map<Quota, Long> limits, long tokens, long now) {
    open++;
    held += tokens;
    lastMost.putAll(limits);
    EnumMap<Quota, Long> slots = new EnumMap<>(Quota.class);
    for (Quota quota : limits.keySet()) {
      if (quota != Quota.CONCURRENT_REQUESTS && !quota.tokens()) {
        slots.put(quota, window(quota).add(now, 1));
      }
    }
    return new Counted(slots);
  }

  /** Holds more tokens. */
  void hold(long tokens) {
    held += tokens;
  }

  /** Ends a request that held so many tokens and used so many. */
  void settle(Map<Quota, Long> limits, long tokens, long used, long now) {
    open--;
    held -= tokens;
    for (Quota quota : limits.keySet()) {
      if (quota.tokens()) {
        var _ = window(quota).add(now, used);
      }
    }
  }

  /** Ends a request that was never begun: as if it had not been counted. */
  void undo(Counted counted, long tokens, long now) {
    open--;
    held -= tokens;
    counted.slots().forEach((quota, slot) -> window(quota).giveBack(now, slot, 1));
  }

  /** What of a limit is taken. */
  long used(Quota quota, long now) {
    if (quota == Quota.CONCURRENT_REQUESTS) {
      return open;
    }
    return window(quota).sum(now) + (quota.tokens() ? held : 0);
  }

  /** Which part of a limit is taken, as the limit last was; 0 where there is none. */
  double use(Quota quota, long now) {
    Long most = lastMost.get(quota);
    return most == null ? 0 : (double) used(quota, now) / Math.max(1, most);
  }

  /** How a limit with a window stands. */
  Standing.Rate rate(Quota quota, long most, long now) {
    long may = may(quota, most);
    long left = Math.max(0, may - used(quota, now));
    SlidingWindow window = window(quota);
    // what is held, and what other nodes have, counts for a window more at the latest
    boolean unknown = (quota.tokens() && held > 0) || (may < most && left == 0);
    long reset = unknown ? window.length() : window.untilAtMost(now, 0);
    return new Standing.Rate(most, left, Duration.ofNanos(reset));
  }

  /** Requests that are counted and not ended. */
  long open() {
    return open;
  }

  /** Tokens that are held for them. */
  long held() {
    return held;
  }

  /** Marks it as no longer used where it counts nothing; who finds it so asks for a new one. */
  boolean retire(long now) {
    gone =
        open == 0
            && held == 0
            && asking == 0
            && lots.values().stream().allMatch(lot -> lot.share.empty())
            && windows.values().stream().allMatch(w -> w.sum(now) == 0);
    return gone;
  }

  private SlidingWindow window(Quota quota) {
    return windows.computeIfAbsent(quota, Quota::empty);
  }
}
