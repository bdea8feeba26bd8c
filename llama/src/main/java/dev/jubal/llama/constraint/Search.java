package dev.jubal.llama.constraint;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Looks for a way to complete a key or item of an open bracket as something that has not been yet:
 * depth first, what is nearest to an end first. What it does not find in so many steps is taken for
 * impossible, which is safe: a way that was found is found again from each of its steps.
 */
final class Search {
  private static final int MOST_STEPS = 4096;

  private final Watch watch;
  private final Machine machine;

  /** A place on the way, and the bytes that may follow it. */
  private static final class Place {
    final ConfigSet set;
    final Watch.Mark mark;
    final long[] octets;
    int taken;

    Place(ConfigSet set, Watch.Mark mark, long[] octets) {
      this.set = set;
      this.mark = mark;
      this.octets = octets;
    }
  }

  Search(Watch watch, Machine machine) {
    this.watch = watch;
    this.machine = machine;
  }

  /** Whether there is a way; the watch is as it was then. */
  boolean finds(ConfigSet from, int depth) {
    Watch.Mark mark = watch.mark();
    int before = watch.completed(depth);
    Deque<Place> way = new ArrayDeque<>();
    boolean found = watch.surelyNew(machine, from);
    way.push(new Place(from, mark, machine.octets(from)));
    for (int steps = 0; !found && !way.isEmpty() && steps < MOST_STEPS; steps++) {
      Place at = way.peek();
      if (at.taken == at.octets.length) {
        way.pop();
        continue;
      }
      int octet = (int) (at.octets[at.taken++] & 255);
      watch.back(at.mark);
      ConfigSet next = machine.next(at.set, octet);
      if (watch.takes(machine, at.set, octet, next)) {
        found = watch.completed(depth) != before || watch.surelyNew(machine, next);
        way.push(new Place(next, watch.mark(), found ? new long[0] : machine.octets(next)));
      }
    }
    watch.back(mark);
    return found;
  }
}
