package dev.jubal.llama.constraint;

import dev.jubal.llama.FormRefusal;
import dev.jubal.llama.constraint.automaton.Leaf;
import dev.jubal.llama.constraint.network.Network;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** Sees to it that arrays of different items have enough of them. */
final class Enough {
  /**
   * Where texts are more than this, so are the values, for any schema that is not made to trick.
   */
  private static final int MOST_COUNTED = 4096;

  private static final int MOST_STEPS = 1 << 17;
  private static final int MOST_DEEP = 1000;
  private static final Vocab OCTETS =
      new Vocab(256, octet -> new byte[] {(byte) octet}, _ -> false, _ -> false);

  private final Machine machine;
  private final Watch watch = new Watch();
  private final Set<Object> values = new HashSet<>();
  private final int wanted;
  private int steps;

  private Enough(Machine machine, int wanted) {
    this.machine = machine;
    this.wanted = wanted;
  }

  /**
   * Checks what a network needs.
   *
   * @throws FormRefusal if some rule has fewer different values
   */
  static void check(Network network) {
    Machine machine = null;
    for (Network.Need need : network.needs()) {
      int texts = network.distance(need.rule()) < Leaf.FAR ? network.texts(need.rule()) : Leaf.FAR;
      boolean enough = texts >= need.values();
      if (enough && texts <= MOST_COUNTED) {
        machine = machine == null ? OCTETS.bind(network) : machine;
        enough = new Enough(machine, need.values()).counted(need.rule());
      }
      if (!enough) {
        throw new FormRefusal(
            "", "uniqueItems", "true", "at least " + need.values() + " values for an item");
      }
    }
  }

  private boolean counted(int rule) {
    visit(machine.start(rule), new byte[256], 0);
    return values.size() >= wanted || steps >= MOST_STEPS;
  }

  /** Goes through all texts, as equal values may be spelled in several ways. */
  private void visit(ConfigSet set, byte[] text, int length) {
    if (set.accepts) {
      values.add(JsonValue.of(Arrays.copyOf(text, length)));
    }
    if (length == MOST_DEEP) {
      steps = MOST_STEPS;
    }
    for (long way : machine.octets(set)) {
      if (values.size() >= wanted || ++steps >= MOST_STEPS) {
        return;
      }
      int octet = (int) (way & 255);
      Watch.Mark mark = watch.mark();
      ConfigSet next = machine.next(set, octet);
      if (watch.takes(machine, set, octet, next)) {
        byte[] longer = length < text.length ? text : Arrays.copyOf(text, length * 2);
        longer[length] = (byte) octet;
        visit(next, longer, length + 1);
      }
      watch.back(mark);
    }
  }
}
