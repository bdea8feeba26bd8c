package dev.jubal.inference.sight;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Turns at something of which there is little, half of it at most for one team: who waits for the
 * rest of an own team waits before the queue that all teams stand in. Thread-safe.
 */
final class Turns {
  private final int ofATeam;
  private final Semaphore all;
  private final ConcurrentHashMap<String, Share> shares = new ConcurrentHashMap<>();

  /** What a team may have at once, and how many of it have or want some. */
  private record Share(Semaphore free, int users) {
    Share with(int more) {
      return new Share(free, users + more);
    }
  }

  Turns(long most) {
    this(most, (most + 1) / 2);
  }

  Turns(long most, long ofATeam) {
    this.all = new Semaphore((int) most, true);
    this.ofATeam = (int) ofATeam;
  }

  /**
   * Waits for a turn; {@link #end} gives it back.
   *
   * @return whether it came within the time
   */
  boolean begin(String team, Duration longest) throws InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    Semaphore own = join(team);
    boolean mine = false;
    boolean begun = false;
    try {
      mine = own.tryAcquire(longest.toNanos(), TimeUnit.NANOSECONDS);
      begun = mine && all.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      return begun;
    } finally {
      if (!begun) {
        leave(team, mine);
      }
    }
  }

  void end(String team) {
    all.release();
    leave(team, true);
  }

  private Semaphore join(String team) {
    return shares
        .compute(
            team,
            (t, share) ->
                share == null ? new Share(new Semaphore(ofATeam, true), 1) : share.with(1))
        .free();
  }

  private void leave(String team, boolean release) {
    var _ =
        shares.computeIfPresent(
            team,
            (t, share) -> {
              if (release) {
                share.free().release();
              }
              return share.users() == 1 ? null : share.with(-1);
            });
  }

  /** How many teams have or want a turn. */
  int teams() {
    return shares.size();
  }
}
