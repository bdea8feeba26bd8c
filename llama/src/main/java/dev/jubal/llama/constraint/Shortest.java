package dev.jubal.llama.constraint;

import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Finds a short way to where a choice may end: best first over the automaton, by the distance that
 * is left. Distances know nothing of what the watch forbids; where it does not, the way is the
 * shortest. With the bytes behind counted too (A*), each key that may not be empty would open all
 * ways that are one byte longer. A place takes its next byte only when that is the best there is,
 * so a straight way costs no more than its length.
 */
final class Shortest {
  private static final int MOST_STEPS = 1 << 16;

  private final Machine machine;
  private final @Nullable Watch watch;
  private final PriorityQueue<Place> open =
      new PriorityQueue<>(
          Comparator.comparingLong(Place::least).thenComparingInt(place -> place.length));

  /** Where a way leads, and which bytes have not been tried behind it. */
  private static final class Place {
    final @Nullable Place before;
    final byte octet;
    final ConfigSet set;
    final int length;
    final long[] octets;
    int taken;

    Place(@Nullable Place before, int octet, ConfigSet set, long[] octets) {
      this.before = before;
      this.octet = (byte) octet;
      this.set = set;
      this.length = before == null ? 0 : before.length + 1;
      this.octets = octets;
    }

    /** The distance that is left behind the next byte that has not been tried. */
    long least() {
      return octets[taken] >> 8;
    }

    byte[] way() {
      byte[] way = new byte[length];
      int at = length;
      for (Place place = this; place.before != null; place = place.before) {
        way[--at] = place.octet;
      }
      return way;
    }
  }

  Shortest(Machine machine, @Nullable Watch watch) {
    this.machine = machine;
    this.watch = watch;
  }

  /** The bytes; none if the end is farther than is looked. The watch is as it was then. */
  byte[] from(ConfigSet from) {
    Watch.Mark mark = watch == null ? null : watch.mark();
    Place start = new Place(null, 0, from, machine.octets(from));
    Place end = from.accepts ? start : search(start, mark);
    if (watch != null && mark != null) {
      watch.back(mark);
    }
    return end == null ? new byte[0] : end.way();
  }

  private @Nullable Place search(Place start, Watch.@Nullable Mark mark) {
    Place read = start;
    add(start);
    for (int steps = 0; steps < MOST_STEPS && !open.isEmpty(); steps++) {
      Place at = open.remove();
      if (at != read) {
        replay(start, mark, at);
      }
      int octet = (int) (at.octets[at.taken++] & 255);
      add(at);
      ConfigSet next = machine.next(at.set, octet);
      boolean taken = watch == null || watch.takes(machine, at.set, octet, next);
      // The watch is behind the byte now, whether or not it took it.
      read =
          new Place(at, octet, next, taken && !next.accepts ? machine.octets(next) : new long[0]);
      if (taken && next.accepts) {
        return read;
      }
      add(read);
    }
    return null;
  }

  private void add(Place place) {
    if (place.taken < place.octets.length) {
      open.add(place);
    }
  }

  /** Reads the way to a place again. */
  private void replay(Place start, Watch.@Nullable Mark mark, Place to) {
    if (watch == null || mark == null) {
      return;
    }
    watch.back(mark);
    ConfigSet set = start.set;
    for (byte octet : to.way()) {
      ConfigSet next = machine.next(set, octet & 255);
      watch.takes(machine, set, octet & 255, next);
      set = next;
    }
  }
}
