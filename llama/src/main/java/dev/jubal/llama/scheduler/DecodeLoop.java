package dev.jubal.llama.scheduler;

import dev.jubal.llama.EngineFailure.Kind;
import dev.jubal.llama.EngineListener.FinishReason;
import dev.jubal.llama.binding.Context;
import dev.jubal.llama.binding.Vocabulary;
import dev.jubal.llama.sampling.Sampler;
import dev.jubal.llama.sampling.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The heart of the engine: one thread that computes for everybody.
 *
 * <h2>Why one thread</h2>
 *
 * A processor computes a step for sixteen answers in little more time than for one, as both read
 * all weights once. So requests are not given threads: they are given slots, and each turn of this
 * loop takes every slot one step further ("continuous batching"). The library computes a step with
 * its own threads; a context belongs to one caller. Everything the loop owns ({@link Slots}, {@link
 * Choice}, {@link Generation} but for its cancel flag) is therefore touched by this thread alone,
 * and has no locks.
 *
 * <h2>Who else there is</h2>
 *
 * Each request has a virtual thread. It reads the prompt into tokens while the request waits, and
 * afterwards hands events to the listener. There are three meeting points, and at none the loop
 * waits long: {@link FairQueue}, a lock around whose turn it is; {@link Outbox}, whose room the
 * loop asks for before it computes a token for a request; and {@code wake}, an unpark, sent when
 * something is ready, is cancelled, or has room again. A listener that is slow fills its outbox of
 * 16 events; then its slots sit out the steps, keep their memory, and no one else notices.
 *
 * <h2>The life of a request</h2>
 *
 * <pre>
 *  submit ─▶ waiting ─▶ reading ─▶ answering ─▶ finished      (every state: cancelled, failed)
 *              │ 498       │           │
 *              │           └ prompt in chunks of 512, the oldest request first
 *              └ until it is its turn and a slot is free
 * </pre>
 *
 * A request is waiting until its first choice has a slot. That choice reads the prompt. The others
 * of the same request are placed when it is read, one by one as slots come free, and find the
 * prompt in a neighbour's memory: it is copied, or, when short, computed again if that is cheaper.
 * Slots that come free go to those and to waiting requests by the rule of {@link
 * dev.jubal.llama.queue.Turns}.
 *
 * <p>A slot knows only how many tokens its memory holds. Whether it is reading or answering follows
 * from that: position {@code n} is a token of the prompt, or else the token just drawn. So there is
 * no state to get wrong when a step fails, a choice pauses, or a prefix was there before.
 *
 * <p>Usually that is one token a step. It is more when the output form leaves no choice about what
 * comes next ({@link Writer} writes those tokens at once, and the slot catches up), and when an
 * answer that is alone is likely to repeat what stood before ({@link Foresight}: guesses are
 * computed ahead, drawn like any other token, and forgotten where the draw says otherwise). Both
 * are bounded by how the library splits a batch: see {@link Step}.
 *
 * <h2>Same seed, same text</h2>
 *
 * A draw depends on the seed, the choice and the logits alone: never on time, slot or neighbours.
 * So texts are equal as far as logits are, and the library's sums are not always taken in the same
 * order. On processors (measured bit by bit with the default weights in IQ4_NL, Q4_0 and Q4_1) its
 * matrix products give each row the same bits whatever else is in the batch. Attention does not: it
 * has one order for 64 tokens and more of a sequence that are computed together ({@link
 * Step#MANY}), one for a token that is computed alone and looks back on more than 256 cells with
 * several threads, and one for everything else. Which one it was stands in the memory of a token
 * for good, and moves the probabilities of what follows by some percent: enough to turn a draw.
 *
 * <p>A request with a seed is therefore repeatable ({@code Sampling.repeatable}): all tokens of its
 * prompt are computed in one order, the first if it has 64 and the last if it has fewer, whatever
 * that takes. {@link Slot} knows how what it holds was computed, and lends no other; {@link Step}
 * reads a long prompt apart from the others' tokens.
 *
 * <ul>
 *   <li>Up to 256 tokens of prompt and answer, the answer to a repeatable request is the same
 *       alone, among any others, with any memory, and with or without guesses.
 *   <li>Beyond that it is the same while it is alone throughout, or never is; at the change the
 *       logits move, as said.
 *   <li>Any other request takes what is in memory: what is repeated with the same memory is the
 *       same.
 *   <li>A graphics card has orders of its own; nothing is promised there.
 * </ul>
 *
 * Attention without this trick (flash attention off) is the same in all of these, but took one and
 * a half times as long to read a prompt, so it stays on; and to compute never more than 63 tokens
 * of a sequence together took twice as long for prompts of 2000.
 *
 * <h2>When things go wrong</h2>
 *
 * A step the library refuses fails the requests that took part in it, and empties their slots, as
 * nobody knows what was written; the others and the engine go on. An assertion inside the library
 * ends the process: that is for the worker's supervisor.
 *
 * <h2>Memory</h2>
 *
 * Each slot has key-value memory of its own ({@link dev.jubal.llama.binding.Model#context} tells
 * why), which the library fills with zeros at start: slots x context x bytes a token are resident
 * from the first moment (22.5 KB a token for the default model, 180 MB a slot of 8192). Four slots
 * are the better default on a laptop: from four answers at once on, more of them add less than a
 * fifth to the tokens a second of two cores, while each takes its memory.
 */
final class DecodeLoop implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(DecodeLoop.class);

  private final Context context;
  private final Vocabulary vocabulary;
  private final Slots slots;
  private final Step step;
  private final Writer writer;
  private final Tally tally;
  private final FairQueue queue;
  private final List<Generation> sharing = new ArrayList<>();
  private volatile @Nullable Thread thread;
  private volatile boolean closing;

  DecodeLoop(
      Context context,
      Vocabulary vocabulary,
      Slots slots,
      int capacity,
      Workspace space,
      FairQueue queue,
      Tally tally) {
    this.context = context;
    this.vocabulary = vocabulary;
    this.slots = slots;
    this.step = new Step(context, slots);
    this.writer = new Writer(vocabulary, capacity, space, tally);
    this.queue = queue;
    this.tally = tally;
  }

  /** Ends a cancelled request that waits; else the loop does after the present step. Any thread. */
  void cancelled(Generation generation) {
    if (queue.leave(generation)) {
      generation.finish();
    } else {
      wake();
    }
  }

  /** Makes the loop look around. Any thread. */
  void wake() {
    LockSupport.unpark(thread);
  }

  /** Makes {@link #run} return after the present step. Any thread. */
  void close() {
    closing = true;
    wake();
  }

  @Override
  public void run() {
    thread = Thread.currentThread();
    try {
      while (!closing) {
        turn();
      }
    } finally {
      Kind kind = closing ? Kind.CLOSED : Kind.INTERNAL;
      String why = closing ? "the engine was closed" : "the decode loop ended by an error";
      everyone().forEach(g -> g.fail(kind, why));
    }
  }

  private void turn() {
    try {
      sweep();
      place();
      queue.tellAll();
      if (step.fill() == 0) {
        rest();
      } else {
        compute();
      }
    } catch (RuntimeException e) {
      log.error("a decode step failed", e);
      failStep(slots.all(), "a decode step failed: " + e);
    }
  }

  private void rest() {
    long due = queue.untilDue();
    if (closing || due <= 0) {
      return;
    }
    // What becomes ready or is cancelled from here on unparks: park then returns at once.
    if (due == Long.MAX_VALUE) {
      LockSupport.park(this);
    } else {
      LockSupport.parkNanos(this, due);
    }
  }

  /** Ends what was cancelled or waited too long. */
  private void sweep() {
    queue.tooLate().forEach(Generation::tooLate);
    for (Choice choice : slots.running()) {
      if (choice.generation.cancelled()) {
        choice.generation.choices().forEach(c -> c.end(FinishReason.CANCELLED, null));
      }
    }
    releaseEnded();
    for (Generation generation : sharing) {
      // None of its choices need run now, so the slots above may not have shown it.
      if (generation.cancelled()) {
        generation.choices().forEach(c -> c.end(FinishReason.CANCELLED, null));
      }
    }
    endSharing();
  }

  private void endSharing() {
    sharing.stream().filter(Generation::over).forEach(queue::wantsNoMore);
    sharing.removeIf(Generation::over);
  }

  private void releaseEnded() {
    for (Slot slot : slots.all()) {
      Choice choice = slot.choice();
      if (choice != null && (choice.ended() || choice.generation.over())) {
        slot.release();
        queue.released(slot.sequence, choice.generated());
      }
    }
    tally.busySlots.set(slots.busy());
  }

  /** Gives free slots to those whose turn it is. */
  private void place() {
    for (Generation next = queue.next(); next != null; next = queue.next()) {
      place(next);
    }
  }

  private void place(Generation generation) {
    Choice choice = generation.nextUnplaced();
    Slot slot = slots.place(choice);
    if (slot == null) {
      throw new IllegalStateException("no slot, though one was free");
    }
    queue.placed(generation, slot.sequence, generation.unplaced() > 0);
    tally.busySlots.set(slots.busy());
    tally.promptTokens.addAndGet(generation.prompt().length - slot.length());
    if (!generation.started()) {
      tally.cachedTokens.addAndGet(slot.length());
      generation.start(slot.length());
      if (generation.unplaced() > 0) {
        sharing.add(generation);
      }
    } else if (generation.unplaced() == 0) {
      sharing.remove(generation);
    }
    begin(choice);
  }

  private void begin(Choice choice) {
    writer.begin(choice);
    if (choice.ended() || choice.generation.over()) {
      // Its form leaves the model no choice at all; the slot must not wait for a step.
      choice.generation.promptComputed();
      releaseEnded();
    }
  }

  private void compute() {
    long begin = System.nanoTime();
    int code = step.run();
    long decoded = System.nanoTime();
    tally.decodeSteps.incrementAndGet();
    tally.decodeNanos.addAndGet(decoded - begin);
    if (code != 0) {
      failStep(step.members(), "the library's decode ended with " + code + " (expected: 0)");
      return;
    }
    for (Map.Entry<Slot, Integer> output : step.outputs().entrySet()) {
      Choice choice = output.getKey().choice();
      if (choice != null && !choice.generation.over()) {
        draw(output.getKey(), choice, output.getValue());
      }
    }
    releaseEnded();
    tally.sampleNanos.addAndGet(System.nanoTime() - decoded);
  }

  /**
   * Draws where the slot has logits: after the last token the choice knew, and on through guesses
   * for as long as they are what was drawn. The others are forgotten. Each token is drawn by the
   * choice's own sampler from logits that only what was really said came before, so the text is the
   * one that step by step would give.
   */
  private void draw(Slot slot, Choice choice, int index) {
    choice.generation.promptComputed();
    int first = choice.known();
    int agreed = first;
    while (true) {
      int drawn = choice.known();
      writer.draw(choice, context.logits(index + agreed - first));
      if (choice.ended() || choice.generation.over()) {
        break;
      }
      if (drawn - first < choice.foresight.guessed()) {
        choice.foresight.came(drawn - first, choice.token(drawn));
      }
      agreed = slot.agrees(choice, agreed);
      if (agreed < choice.known()) {
        slots.cut(slot, agreed);
        break;
      }
    }
    choice.flush();
  }

  /** Fails the requests of these slots and empties the memory of all their choices. */
  private void failStep(List<Slot> members, String message) {
    for (Slot slot : members) {
      Choice choice = slot.choice();
      if (choice != null) {
        choice.generation.fail(Kind.INTERNAL, message);
      }
      slots.forget(slot);
    }
    releaseEnded();
    endSharing();
  }

  private List<Generation> everyone() {
    List<Generation> all = new ArrayList<>(queue.close());
    all.addAll(sharing);
    slots.running().forEach(c -> all.add(c.generation));
    return all;
  }

  /** A sampler for one choice, checked against this model's vocabulary. */
  Sampler sampler(Generation generation, int choice) {
    return new Sampler(generation.request.sampling(), choice, vocabulary.size());
  }
}
