package dev.jubal.llama.scheduler;

import dev.jubal.llama.Engine;
import dev.jubal.llama.EngineFailure;
import dev.jubal.llama.EngineListener;
import dev.jubal.llama.EngineListener.Counts;
import dev.jubal.llama.EngineRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * One request on its way through the engine.
 *
 * <p>The prompt and the choices are set before it is offered to the decode loop; after that only
 * the loop touches it, but for {@link #cancel}, which any thread may call.
 */
final class Generation implements Engine.Ticket {
  final EngineRequest request;
  final Outbox outbox;
  private final Duration patience;
  private final long deadline;
  private final Runnable wake;
  private volatile boolean cancelled;

  private int[] prompt = new int[0];
  private int cached;
  private int completion;
  private boolean started;
  private boolean promptKnown;
  private boolean over;
  private int unfinished;
  private final ArrayDeque<Choice> unplaced = new ArrayDeque<>();
  private final List<Choice> choices = new ArrayList<>();

  /**
   * @param patience how long it may wait for a slot
   * @param wake makes the loop look at it
   */
  Generation(EngineRequest request, EngineListener listener, Duration patience, Runnable wake) {
    this.request = request;
    this.patience = patience;
    this.deadline = System.nanoTime() + patience.toNanos();
    this.wake = wake;
    this.outbox = new Outbox(listener, wake, this::cancel);
  }

  @Override
  public void cancel() {
    cancelled = true;
    wake.run();
  }

  boolean cancelled() {
    return cancelled;
  }

  /** Nanoseconds until it has waited too long. */
  long patienceLeft(long now) {
    return deadline - now;
  }

  /** Fails it because it waited too long. */
  void tooLate() {
    fail(EngineFailure.Kind.OVERLOADED, "no slot came free within " + patience);
  }

  /** Gives it what the loop needs. */
  void prepare(int[] tokens, List<Choice> made) {
    prompt = tokens;
    choices.addAll(made);
    unplaced.addAll(made);
    unfinished = made.size();
  }

  int[] prompt() {
    return prompt;
  }

  List<Choice> choices() {
    return choices;
  }

  /** Whether a choice can be given a slot: the first one, or, its prompt computed, any other. */
  boolean placeable() {
    return !unplaced.isEmpty() && (!started || promptKnown);
  }

  Choice nextUnplaced() {
    return unplaced.removeFirst();
  }

  boolean started() {
    return started;
  }

  void start(int cachedTokens) {
    started = true;
    cached = cachedTokens;
    outbox.put(l -> l.started(prompt.length, cachedTokens));
  }

  /** The prompt is computed and may be shared. */
  void promptComputed() {
    promptKnown = true;
  }

  void drawn() {
    completion++;
  }

  /** A choice came to its end; the last one ends the request. */
  void choiceEnded() {
    unfinished--;
    if (unfinished == 0) {
      finish();
    }
  }

  void finish() {
    over = true;
    Counts counts = new Counts(started ? prompt.length : 0, cached, completion);
    outbox.end(l -> l.finished(counts));
  }

  void fail(EngineFailure.Kind kind, String message) {
    over = true;
    EngineFailure failure = new EngineFailure(kind, message);
    outbox.end(l -> l.failed(failure));
  }

  boolean over() {
    return over;
  }
}
