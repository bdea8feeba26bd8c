package dev.jubal.llama.scheduler;

import dev.jubal.llama.EngineFailure.Kind;
import dev.jubal.llama.Share;
import dev.jubal.llama.queue.Displacement;
import dev.jubal.llama.queue.Forecast;
import dev.jubal.llama.queue.Returns;
import dev.jubal.llama.queue.Turns;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The requests that wait for a slot, and who holds the slots. Thread-safe.
 *
 * <p>Whoever takes a waiting request out of here owns it: the decode loop by {@link #next} or
 * {@link #tooLate}, a thread that cancels it by {@link #leave}. So a client that leaves frees its
 * place at once, even while the loop computes a long step. {@link Turns} tells the order.
 *
 * <h2>A slot kept</h2>
 *
 * A key that sends one request after the other has nothing waiting at the moment its slot comes
 * free. So the slot is kept for it, for at most a tenth of an average answer and never longer than
 * {@link #MOST_KEPT}: only while others wait, if it would be next, and if it came back in time the
 * last time. This costs a slot some milliseconds; without it the key would wait for an answer of
 * another each time.
 */
final class FairQueue {
  /** Longest time a slot is kept for a key that is expected back. */
  static final long MOST_KEPT = 100_000_000;

  /** Waiting requests are told a new place at most once in this time. */
  static final long TOLD_EVERY = 1_000_000_000;

  private static final int KEPT_PART = 10;

  /** What a slot is taken to cost while nothing is known: a second. */
  private static final double UNKNOWN_COST = 1e9;

  private final int size;
  private final Tally tally;
  private final LongSupplier clock;
  private final Turns<Generation> turns;
  private final Forecast forecast;
  private final Returns returns = new Returns();
  private final Set<Generation> waiting = new LinkedHashSet<>();
  private final @Nullable Hold[] holds;
  private long toldAt;
  private boolean closed;

  /**
   * A queue in front of free slots.
   *
   * @param size most requests that wait
   * @param backgroundTurn see {@link Turns}
   * @param clock nanoseconds, never going back
   */
  FairQueue(int size, int slots, int backgroundTurn, Tally tally, LongSupplier clock) {
    this.turns = new Turns<>(FairQueue::share, backgroundTurn);
    this.size = size;
    this.tally = tally;
    this.clock = clock;
    this.forecast = new Forecast(slots);
    this.holds = new Hold[slots];
    this.toldAt = clock.getAsLong();
  }

  /** A slot that is held, and what was charged for it so far. */
  private static final class Hold {
    final Share share;
    final long since;
    double charged;

    Hold(Share share, long since, double charged) {
      this.share = share;
      this.since = since;
      this.charged = charged;
    }
  }

  /** Where a request stands: 1 is next. */
  record Place(Generation generation, int position, long etaMillis) {}

  private static Share share(Generation generation) {
    return generation.request.share();
  }

  private static int mostTokens(Generation generation) {
    return generation.request.limits().maxTokens();
  }

  /**
   * A request begins to wait. In a full queue somebody is refused: it, or the newest request of
   * whoever holds most of the queue.
   */
  void enter(Generation generation) {
    Generation refused = null;
    synchronized (this) {
      if (closed) {
        generation.fail(Kind.CLOSED, "the engine is closed");
        return;
      }
      returns.came(share(generation), clock.getAsLong());
      waiting.add(generation);
      turns.add(generation);
      if (waiting.size() > size + forecast.freeSlots()) {
        refused = Displacement.choose(List.copyOf(waiting), FairQueue::share, _ -> 1);
        remove(refused);
      }
      count();
    }
    if (refused != null) {
      String expected = " (expected: at most " + size + ", shared by all teams and keys)";
      refused.fail(Kind.OVERLOADED, "requests waiting: " + size + expected);
    }
  }

  /** A request gives up its place; false if it has none any more. */
  synchronized boolean leave(Generation generation) {
    boolean waited = remove(generation);
    count();
    return waited;
  }

  private boolean remove(Generation generation) {
    return waiting.remove(generation) && turns.remove(generation);
  }

  private void count() {
    tally.queued.set(waiting.size());
  }

  /** The request that gets a slot now, unless none is ready or the free ones are kept. */
  synchronized @Nullable Generation next() {
    long now = clock.getAsLong();
    if (forecast.freeSlots() <= returns.kept(now)) {
      return null;
    }
    chargeHolds(now);
    Forecast.Average average = forecast.average();
    Generation next = turns.take(Generation::placeable, g -> cost(g, average));
    if (next != null) {
      waiting.remove(next);
      count();
    }
    return next;
  }

  private static double cost(Generation generation, Forecast.Average average) {
    return average.known() ? average.holdNanos(mostTokens(generation)) : UNKNOWN_COST;
  }

  private void chargeHolds(long now) {
    for (Hold hold : holds) {
      if (hold != null && now - hold.since > hold.charged) {
        double more = now - hold.since - hold.charged;
        hold.charged += more;
        turns.charge(hold.share, more);
      }
    }
  }

  /** A slot was given to the request that {@link #next} returned; {@code more} are wanted. */
  synchronized void placed(Generation generation, int slot, boolean more) {
    long now = clock.getAsLong();
    double charged = cost(generation, forecast.average());
    holds[slot] = new Hold(share(generation), now, charged);
    forecast.placed(slot, mostTokens(generation), now);
    if (more) {
      turns.addBegun(generation);
    }
  }

  /** A slot came free after so many tokens. */
  synchronized void released(int slot, int made) {
    Hold hold = holds[slot];
    if (hold == null) {
      throw new IllegalStateException("slot " + slot + " came free without having been given");
    }
    long now = clock.getAsLong();
    holds[slot] = null;
    turns.release(hold.share, now - hold.since - hold.charged);
    forecast.released(slot, made, now);
    if (!turns.busy(hold.share)) {
      long tenth = forecast.average().holdNanos(Integer.MAX_VALUE) / KEPT_PART;
      boolean keep = !waiting.isEmpty() && turns.wouldBeNext(hold.share);
      returns.left(hold.share, keep, Math.min(MOST_KEPT, tenth), now);
    }
  }

  /** A request that runs wants no more slots. */
  synchronized void wantsNoMore(Generation begun) {
    turns.remove(begun);
  }

  /** Takes out the requests that have waited too long. */
  synchronized List<Generation> tooLate() {
    long now = clock.getAsLong();
    List<Generation> late = waiting.stream().filter(g -> g.patienceLeft(now) <= 0).toList();
    late.forEach(this::remove);
    count();
    return late;
  }

  /** Nanoseconds until the queue needs to be looked at again though nothing happens. */
  synchronized long untilDue() {
    long now = clock.getAsLong();
    long due = returns.untilGivenUp(now);
    for (Generation generation : waiting) {
      due = Math.min(due, generation.patienceLeft(now));
    }
    return waiting.isEmpty() ? due : Math.min(due, toldAt + TOLD_EVERY - now);
  }

  /** Tells a request its place, unless a slot is free for it. */
  void tell(Generation generation) {
    places().stream().filter(place -> place.generation == generation).forEach(this::tell);
  }

  /** Tells those who wait their places, if that is due. */
  void tellAll() {
    synchronized (this) {
      long now = clock.getAsLong();
      if (waiting.isEmpty() || now - toldAt < TOLD_EVERY) {
        return;
      }
      toldAt = now;
    }
    places().forEach(this::tell);
  }

  // Under the lock: a request must not be told of a place when it was told of its slot already.
  private synchronized void tell(Place place) {
    if (waiting.contains(place.generation)) {
      place.generation.queued(place.position, place.etaMillis);
    }
  }

  /**
   * Plays the queue forward: the order that the turns would give, and the slots coming free one
   * after the other as the forecast has it.
   */
  List<Place> places() {
    Turns<Generation> ahead;
    PriorityQueue<Long> free;
    Forecast.Average average;
    Set<Generation> first;
    synchronized (this) {
      long now = clock.getAsLong();
      chargeHolds(now);
      ahead = turns.copy();
      free = forecast.slots(now);
      average = forecast.average();
      first = new HashSet<>(waiting);
    }
    List<Place> places = new ArrayList<>();
    Generation next = ahead.take(_ -> true, g -> cost(g, average));
    while (next != null) {
      long at = free.remove();
      if (at > 0 && first.contains(next)) {
        long eta = average.known() ? at / 1_000_000 : -1;
        places.add(new Place(next, places.size() + 1, eta));
      }
      long hold = Math.max(1, average.holdNanos(mostTokens(next))); // 0 would be a free slot
      free.add(at + hold);
      int more = first.contains(next) ? next.request.choices() - 1 : next.unplaced() - 1;
      occupy(free, more, hold);
      next = ahead.take(_ -> true, g -> cost(g, average));
    }
    return places;
  }

  /** Further choices of a request, spread evenly over the slots that come free first. */
  private static void occupy(PriorityQueue<Long> free, int choices, long hold) {
    int wide = Math.min(choices, free.size());
    List<Long> taken = new ArrayList<>();
    for (int i = 0; i < wide; i++) {
      taken.add(free.remove());
    }
    taken.forEach(at -> free.add(at + hold * Math.ceilDiv(choices, wide)));
  }

  /** Refuses whatever comes from now on, and gives away who waits. */
  synchronized List<Generation> close() {
    closed = true;
    List<Generation> left = List.copyOf(waiting);
    left.forEach(this::remove);
    count();
    return left;
  }
}
