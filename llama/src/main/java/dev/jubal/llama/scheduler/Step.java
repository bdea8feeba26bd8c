package dev.jubal.llama.scheduler;

import dev.jubal.llama.binding.Batch;
import dev.jubal.llama.binding.Context;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * One decode step: which slots take part, with how many tokens, and where their logits are.
 *
 * <p>Every answer that can go on takes part with one token; prompts, and text that a form forces
 * between two tokens of a model, share {@link #PREFILL} tokens, those that are nearly read first,
 * then the oldest. So a long prompt delays others by the time of one such chunk a token, never by
 * its whole length, and the prompt that came first is answered first.
 *
 * <p>A prompt is read in pieces of {@link #PREFILL} tokens and a rest, whoever else reads one: what
 * does not fit whole waits for the next step. A few tokens more of another prompt would cost a pass
 * over all weights of their own.
 *
 * <p>The prompt of a repeatable request, if it has {@link #MANY} tokens, is read in pieces of so
 * many or more, each in a step of its own, since the library cuts a batch where its sequences
 * differ in length. Between two of them the others have their step: so much as they would have
 * waited for a piece anyway.
 */
final class Step {
  /** Most prompt tokens of a step, one physical batch of the library. */
  static final int PREFILL = 512;

  /** The library attends to so many tokens of a sequence at once in another order than to fewer. */
  static final int MANY = 64;

  /** A prompt of which so little is left goes first: it is mostly in memory already. */
  private static final int SHORT = 64;

  /** Most tokens of a step for those, beside the others: so a stream of them delays no long one. */
  private static final int SHORTS = 4 * SHORT;

  /** Most tokens a step has beside one for each slot. */
  static final int MOST = PREFILL + SHORTS + Foresight.MOST;

  private final Context context;
  private final Batch batch;
  private final List<Slot> slots;
  private final Map<Slot, Integer> outputs = new HashMap<>();
  private final List<Slot> members = new ArrayList<>();
  private final Map<Generation, Integer> wanted = new HashMap<>();
  private final boolean guesses;
  private final Pace pace = new Pace();
  private int takingPart;
  private boolean wasApart;

  Step(Context context, Slots slots) {
    this.context = context;
    this.slots = slots.all();
    this.guesses = slots.partial();
    this.batch = context.batch(MOST + this.slots.size(), this.slots.size());
  }

  /** Chooses the tokens; returns how many there are. */
  int fill() {
    batch.clear();
    outputs.clear();
    members.clear();
    wanted.clear();
    takingPart = (int) slots.stream().filter(slot -> remaining(slot) > 0).count();
    List<Slot> apart = reading(Step::apart);
    boolean turn = !wasApart;
    wasApart = turn && readApart(apart);
    if (!wasApart) {
      together();
    }
    if (batch.size() == 0 && !turn) {
      wasApart = readApart(apart);
    }
    members.forEach(slot -> slot.computed(members.size() == 1));
    return batch.size();
  }

  /** Reads a piece of the first of these prompts; false if there is none. */
  private boolean readApart(List<Slot> prompts) {
    for (Slot slot : prompts) {
      Choice choice = slot.choice();
      int remaining = remaining(slot);
      int chunk = remaining <= PREFILL ? remaining : Math.min(PREFILL, remaining - MANY);
      if (choice != null && add(slot, choice, chunk, chunk == remaining)) {
        choice.foresight.lookAway();
        return true;
      }
    }
    return false;
  }

  private void together() {
    Map<Slot, Integer> chunks = chunks();
    // In the order of the sequences: the library computes together only those that are neighbours.
    for (Slot slot : slots) {
      Choice choice = slot.choice();
      if (choice == null) {
        continue;
      }
      int remaining = remaining(slot);
      int chunk = singly(slot) ? 1 : chunks.getOrDefault(slot, 0);
      if (add(slot, choice, chunk, chunk == remaining) && chunk == remaining) {
        guess(slot, choice, chunk);
      }
    }
  }

  /** Whether a slot reads the prompt of a repeatable request that is not short. */
  private static boolean apart(Slot slot) {
    Choice choice = slot.choice();
    if (choice == null || !choice.repeatable()) {
      return false;
    }
    int prompt = choice.generation.prompt().length;
    return prompt >= MANY && slot.length() < prompt;
  }

  /**
   * Slots that have more to compute than a token, those that are nearly done first, then oldest.
   */
  private List<Slot> reading(Predicate<Slot> which) {
    return slots.stream()
        .filter(slot -> remaining(slot) > 0 && !singly(slot) && which.test(slot))
        .sorted(
            Comparator.comparing((Slot slot) -> remaining(slot) > SHORT)
                .thenComparingLong(Slot::lastUse))
        .toList();
  }

  private Map<Slot, Integer> chunks() {
    Map<Slot, Integer> chunks = new HashMap<>();
    int budget = PREFILL;
    int aside = SHORTS;
    for (Slot slot : reading(slot -> !apart(slot))) {
      int chunk = Math.min(PREFILL, remaining(slot));
      if (chunk <= SHORT && chunk <= aside) {
        chunks.put(slot, chunk);
        aside -= chunk;
      } else if (chunk > SHORT && chunk <= budget) {
        chunks.put(slot, chunk);
        budget -= chunk;
      }
    }
    return chunks;
  }

  /**
   * How many tokens of its choice a slot has yet to compute, none if it is free: one that was just
   * drawn, or more, of a prompt or of forced text.
   */
  private static int remaining(Slot slot) {
    Choice choice = slot.choice();
    return choice == null ? 0 : choice.known() - slot.length();
  }

  /**
   * Whether a slot takes part with one token: the one just drawn, or, of a run of forced ones, the
   * next. The library computes together as many tokens as every sequence has, and what one has more
   * in another pass over all weights. That costs the others a pass and spares this one as many
   * steps as the run is long: so only runs that are longer than there are others ride whole.
   */
  private boolean singly(Slot slot) {
    Choice choice = slot.choice();
    int remaining = remaining(slot);
    return remaining == 1
        || (choice != null
            && slot.length() >= choice.generation.prompt().length
            && remaining < takingPart);
  }

  /**
   * Adds what the choice is likely to say next, to be confirmed by drawing. Only if it is alone,
   * for the reason given above: guesses would be a pass of their own, and among several answers a
   * token more costs what a token of a step costs on average.
   */
  private void guess(Slot slot, Choice choice, int beside) {
    Foresight foresight = choice.foresight;
    if (!guesses || takingPart > 1) {
      foresight.lookAway();
      return;
    }
    slot.look(foresight);
    int room = Math.min(Math.min(slot.room(), choice.room()), Math.max(0, MANY - 1 - beside));
    int count = Math.min(room, foresight.worth(pace.price()));
    Guide guide = choice.guide;
    if (guide != null && count > 0) {
      count = guide.legal(foresight, count);
    }
    for (int i = 0; i < count; i++) {
      batch.add(foresight.guess(i), slot.length(), slot.sequence, true);
      slot.append(foresight.guess(i));
    }
  }

  private boolean add(Slot slot, Choice choice, int count, boolean output) {
    if (count == 0 || (output && !reserve(choice.generation))) {
      return false;
    }
    members.add(slot);
    for (int i = 0; i < count; i++) {
      int position = slot.length();
      int token = choice.token(position);
      boolean last = output && i == count - 1;
      int at = batch.add(token, position, slot.sequence, last);
      slot.append(token);
      if (last) {
        outputs.put(slot, at);
      }
    }
    return true;
  }

  /** A text event for each choice of a request that gets a token in this step must fit. */
  private boolean reserve(Generation generation) {
    int count = wanted.getOrDefault(generation, 0) + 1;
    if (!generation.outbox.hasRoom(count)) {
      return false;
    }
    wanted.put(generation, count);
    return true;
  }

  /** Computes them; 0 is success. */
  int run() {
    long begin = System.nanoTime();
    int code = context.decode(batch);
    pace.step(batch.size(), System.nanoTime() - begin);
    return code;
  }

  /** The slots that take part. */
  List<Slot> members() {
    return members;
  }

  /**
   * Where the first logits of each slot that has some are in the batch: those after the last token
   * its choice knew. Those of the guesses that follow it in the slot follow it in the batch.
   */
  Map<Slot, Integer> outputs() {
    return outputs;
  }
}
