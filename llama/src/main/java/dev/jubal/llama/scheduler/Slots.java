package dev.jubal.llama.scheduler;

import dev.jubal.llama.binding.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the slot of a choice so that the least has to be computed: now, and, by keeping what
 * other prompts may come back for, later.
 */
final class Slots {
  /**
   * A gap between busy slots splits a batch in two, which costs about so many tokens of prefill.
   */
  private static final int GAP_COST = 64;

  private final Context context;
  private final List<Slot> all;
  private final boolean partial;
  private final int copyCost;
  private long uses;

  /**
   * @param partial whether the memory of a sequence can be cut and copied in part
   */
  Slots(Context context, int count, int capacity, boolean partial) {
    this.context = context;
    this.all = IntStream.range(0, count).mapToObj(i -> new Slot(i, capacity)).toList();
    this.partial = partial;
    // A copy moves a whole sequence's memory, used or not: 8192 tokens of the default model are
    // 188 MB, some 40 ms, in which 32 tokens of a prompt can be computed.
    this.copyCost = Math.max(8, capacity / 256);
  }

  List<Slot> all() {
    return all;
  }

  int busy() {
    return (int) all.stream().filter(s -> !s.free()).count();
  }

  /** The choices that run, in the order of their slots. */
  List<Choice> running() {
    List<Choice> running = new ArrayList<>();
    for (Slot slot : all) {
      Choice choice = slot.choice();
      if (choice != null) {
        running.add(choice);
      }
    }
    return running;
  }

  /** Places a choice, or returns null if no slot is free. */
  @Nullable Slot place(Choice choice) {
    int[] prompt = choice.generation.prompt();
    Slot donor = all.getFirst();
    for (Slot slot : all) {
      donor = slot.common(prompt) > donor.common(prompt) ? slot : donor;
    }
    Slot best = null;
    long least = Long.MAX_VALUE;
    for (Slot slot : all) {
      if (!slot.free()) {
        continue;
      }
      long cost = cost(slot, donor, prompt);
      if (best == null || cost < least || (cost == least && slot.lastUse() < best.lastUse())) {
        least = cost;
        best = slot;
      }
    }
    if (best != null) {
      fill(best, donor, prompt);
      best.occupy(choice, ++uses);
    }
    return best;
  }

  private long cost(Slot slot, Slot donor, int[] prompt) {
    int own = slot.common(prompt);
    int shared = donor.common(prompt);
    int compute = copies(own, shared) ? prompt.length - shared + copyCost : prompt.length - own;
    // What would be forgotten counts the less the longer nobody came back for it.
    long age = (uses - slot.lastUse()) / all.size();
    long lost = (long) (slot.length() - own) >> Math.min(20, 2 + age);
    return compute + lost + (adjacent(slot) ? 0 : GAP_COST);
  }

  private boolean copies(int own, int shared) {
    return partial && shared - own > copyCost;
  }

  private boolean adjacent(Slot slot) {
    int i = slot.sequence;
    return (i > 0 && !all.get(i - 1).free())
        || (i + 1 < all.size() && !all.get(i + 1).free())
        || all.stream().allMatch(Slot::free);
  }

  private void fill(Slot slot, Slot donor, int[] prompt) {
    int own = slot.common(prompt);
    int shared = donor.common(prompt);
    if (copies(own, shared)) {
      forget(slot);
      context.copy(donor.sequence, slot.sequence);
      slot.copy(donor);
      cut(slot, shared);
    } else {
      cut(slot, own);
    }
  }

  /** Whether tokens can be computed that may have to be forgotten again. */
  boolean partial() {
    return partial;
  }

  /** Forgets what a slot holds from a position on. */
  void cut(Slot slot, int to) {
    if (to == slot.length()) {
      return;
    }
    if (to > 0 && context.removeFrom(slot.sequence, to)) {
      slot.cut(to);
    } else {
      forget(slot);
    }
  }

  /** Empties a slot's memory. */
  void forget(Slot slot) {
    context.removeFrom(slot.sequence, -1);
    slot.cut(0);
  }
}
