package dev.jubal.llama.scheduler;

import dev.jubal.llama.binding.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the slot of a choice so that the least has to be computed: now, and, by keeping what is
 * worth most by length and reuse, later.
 */
final class Slots {
  /**
   * A gap between busy slots splits a batch in two, which costs about so many tokens of prefill.
   */
  private static final int GAP_COST = 64;

  /** Beyond so many returns a prefix is worth no more. */
  private static final int MOST_RETURNS = 16;

  /** How much longer than a conversation a prefix is remembered that prompts came back for. */
  private static final int SLOWLY = 8;

  /**
   * Fewer tokens in common than these are the beginning of a template, not a prefix worth keeping.
   */
  private static final int PREFIX = 32;

  private final Context context;
  private final List<Slot> all;
  private final boolean partial;
  private final int copyCost;
  private Consumer<Slot> found;
  private long uses;

  /**
   * @param partial whether the memory of a sequence can be cut and copied in part
   */
  Slots(Context context, int count, int capacity, boolean partial) {
    this.context = context;
    this.found = slot -> {};
    this.all = IntStream.range(0, count).mapToObj(i -> new Slot(i, capacity)).toList();
    this.partial = partial;
    // A copy moves a whole sequence's memory, used or not: 8192 tokens of the default model are
    // 188 MB, some 40 ms, in which 32 tokens of a prompt can be computed.
    this.copyCost = Math.max(8, capacity / 256);
  }

  /** Sets who is told when a slot holds exactly what several prompts have in common. */
  void onPrefix(Consumer<Slot> listener) {
    found = listener;
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
    Slot donor = all.getFirst();
    for (Slot slot : all) {
      donor = slot.useful(choice) > donor.useful(choice) ? slot : donor;
    }
    Slot best = null;
    long least = Long.MAX_VALUE;
    for (Slot slot : all) {
      if (!slot.free()) {
        continue;
      }
      long cost = cost(slot, donor, choice);
      if (best == null || cost < least || (cost == least && slot.lastUse() < best.lastUse())) {
        least = cost;
        best = slot;
      }
    }
    if (best != null) {
      uses++;
      Slot source = copies(best.useful(choice), donor.useful(choice)) ? donor : best;
      boolean parts = noteReturn(source, choice);
      fill(best, donor, choice);
      best.occupy(choice, uses);
      if (parts) {
        found.accept(best);
      }
    }
    return best;
  }

  /**
   * Notes that a prompt came back for the beginning of a slot; further choices of a request come
   * back for its prompt only now, which is no reuse. Returns whether the prompt goes its own way
   * from there, so that this beginning is what two prompts have in common, and not one conversation
   * that goes on.
   */
  private boolean noteReturn(Slot source, Choice choice) {
    int common = source.common(choice.generation.prompt());
    if (common < PREFIX || choice.generation.started()) {
      return false;
    }
    source.reused(common, uses);
    return source.length() - common >= PREFIX;
  }

  private long cost(Slot slot, Slot donor, Choice choice) {
    int own = slot.useful(choice);
    int shared = donor.useful(choice);
    int length = choice.generation.prompt().length;
    int compute = copies(own, shared) ? length - shared + copyCost : length - own;
    int kept = copies(own, shared) ? 0 : own;
    return compute + lost(slot, kept) + (adjacent(slot) ? 0 : GAP_COST);
  }

  /**
   * What cutting a slot's memory costs later: each token that would be forgotten, by how likely
   * prompts come back for it. Most of a conversation nobody comes back for, and the less the longer
   * ago it was. What prompts did come back for is worth its length each time, and is forgotten
   * slowly. What another slot holds too is not lost.
   */
  private long lost(Slot slot, int kept) {
    int safe = kept;
    for (Slot other : all) {
      safe = other == slot ? safe : Math.max(safe, slot.common(other));
    }
    long once = faded(Math.max(0, slot.length() - safe), 2 + rounds(slot.lastUse()));
    long again = (long) Math.max(0, slot.shared() - safe) * Math.min(slot.returns(), MOST_RETURNS);
    return once + faded(again, rounds(slot.lastReturn()) / SLOWLY);
  }

  /** How often all slots could have been used again since. */
  private long rounds(long use) {
    return (uses - use) / all.size();
  }

  private static long faded(long worth, long halvings) {
    return worth >> Math.min(40, halvings);
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

  private void fill(Slot slot, Slot donor, Choice choice) {
    int own = slot.useful(choice);
    int shared = donor.useful(choice);
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
