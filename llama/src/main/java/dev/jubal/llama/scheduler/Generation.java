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
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through the engine.
 *
 * <p>The prompt and the choices are set by a thread of its own while it waits. Whoever takes it out
 * of the queue owns it: mostly the decode loop, which alone touches it from then on, but for {@link
 * #cancel}, which any thread may call.
 */
final class Generation implements Engine.Ticket {
  final EngineRequest request;
  final Outbox outbox;
  private final Duration patience;
  private final long deadline;
  private final Consumer<Generation> leave;
  private final AtomicReference<@Nullable Standing> standing = new AtomicReference<>();
  private volatile boolean cancelled;
  private volatile boolean prepared;
  private volatile int unplacedCount;
  private volatile int toldPosition;

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
   * @param now nanoseconds on the clock of {@link #patienceLeft}
   * @param wake makes the loop look at it
   * @param leave ends it if it waits, or else makes the loop look at it
   */
  Generation(
      EngineRequest request,
      EngineListener listener,
      Duration patience,
      long now,
      Runnable wake,
      Consumer<Generation> leave) {
    this.request = request;
    this.patience = patience;
    this.deadline = now + patience.toNanos();
    this.leave = leave;
    this.outbox = new Outbox(listener, wake, this::cancel);
  }

  /** A place in the queue that the listener has not been told yet. */
  private record Standing(int position, long etaMillis) {}

  @Override
  public void cancel() {
    cancelled = true;
    leave.accept(this);
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
    unplacedCount = made.size();
    prepared = true; // last: who sees it sees what is above
  }

  /**
   * Tells the listener where it stands, unless it knows. Of several places that wait for a slow
   * listener only the last one is told, so they take one event of the buffer. Called before {@link
   * #start}, under the queue's lock.
   */
  void queued(int position, long etaMillis) {
    if (position == toldPosition) {
      return;
    }
    toldPosition = position;
    if (standing.getAndSet(new Standing(position, etaMillis)) == null) {
      outbox.put(this::tellStanding);
    }
  }

  private void tellStanding(EngineListener listener) {
    Standing last = standing.getAndSet(null);
    if (last != null) {
      listener.queued(last.position, last.etaMillis);
    }
  }

  int[] prompt() {
    return prompt;
  }

  List<Choice> choices() {
    return choices;
  }

  /** Whether a choice can be given a slot: the first one, or, its prompt computed, any other. */
  boolean placeable() {
    return prepared && !unplaced.isEmpty() && (!started || promptKnown);
  }

  Choice nextUnplaced() {
    Choice next = unplaced.removeFirst();
    unplacedCount = unplaced.size();
    return next;
  }

  /** Choices without a slot. Any thread. */
  int unplaced() {
    return unplacedCount;
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
