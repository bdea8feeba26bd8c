package dev.jubal.llama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A listener that writes everything down, checks the order of events, and can be made slow. */
public final class Recorder implements EngineListener {
  /** Events that an engine buffers for a request. */
  public static final int BUFFERED = 16;

  private static final long LIMIT_SECONDS = 240;

  private final Map<Integer, StringBuilder> texts = new HashMap<>();
  private final Map<Integer, FinishReason> reasons = new HashMap<>();
  private final Map<Integer, String> stops = new HashMap<>();
  private final List<SampledToken> tokens = new ArrayList<>();
  private final List<String> deltas = new ArrayList<>();
  private final CountDownLatch startedLatch = new CountDownLatch(1);
  private final CountDownLatch firstText = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);
  private final List<Integer> positions = new CopyOnWriteArrayList<>();
  private final AtomicInteger events = new AtomicInteger();
  private final AtomicBoolean inside = new AtomicBoolean();
  private final @Nullable Semaphore permits;
  private final List<String> mistakes = new ArrayList<>();
  private volatile int prompt = -1;
  private volatile int cached = -1;
  private volatile @Nullable Counts counts;
  private volatile @Nullable EngineFailure failure;

  public Recorder() {
    this(null);
  }

  /** Takes a permit before each event; so the test decides how slow it is. */
  public Recorder(@Nullable Semaphore permits) {
    this.permits = permits;
  }

  @Override
  public void queued(int position, long etaMillis) {
    expect(prompt < 0 && done.getCount() == 1, "queued after it had a slot");
    positions.add(position);
  }

  @Override
  public void started(int promptTokens, int cachedTokens) {
    on(
        () -> {
          expect(prompt < 0 && events.get() == 1, "started must come first and once");
          prompt = promptTokens;
          cached = cachedTokens;
          startedLatch.countDown();
        });
  }

  @Override
  public void text(int choice, String text, List<SampledToken> of) {
    on(
        () -> {
          expect(!text.isEmpty(), "empty text");
          expect(prompt >= 0, "text before started");
          expect(!reasons.containsKey(choice), "text after the end of choice " + choice);
          texts.computeIfAbsent(choice, c -> new StringBuilder()).append(text);
          deltas.add(text);
          tokens.addAll(of);
          firstText.countDown();
        });
  }

  @Override
  public void choiceFinished(int choice, FinishReason reason, @Nullable String stop) {
    on(
        () -> {
          expect(reasons.put(choice, reason) == null, "choice " + choice + " ended twice");
          if (stop != null) {
            stops.put(choice, stop);
          }
        });
  }

  @Override
  public void finished(Counts of) {
    on(() -> counts = of);
    end();
  }

  @Override
  public void failed(EngineFailure of) {
    on(() -> failure = of);
    end();
  }

  private void end() {
    expect(done.getCount() == 1, "more than one end");
    startedLatch.countDown();
    firstText.countDown();
    done.countDown();
  }

  private void on(Runnable event) {
    expect(inside.compareAndSet(false, true), "two events at once");
    if (permits != null) {
      permits.acquireUninterruptibly();
    }
    events.incrementAndGet();
    expect(done.getCount() == 1, "an event after the end");
    event.run();
    inside.set(false);
  }

  private void expect(boolean holds, String mistake) {
    if (!holds) {
      synchronized (mistakes) {
        mistakes.add(mistake);
      }
    }
  }

  /** Waits for the end and checks that all came in order. */
  public Recorder await() {
    awaitOn(done, "the end of a request");
    synchronized (mistakes) {
      assertEquals(List.of(), mistakes);
    }
    return this;
  }

  /** Waits for the end, which must be an answer. */
  public Recorder answered() {
    await();
    EngineFailure found = failure;
    if (found != null) {
      fail("failed: " + found.kind() + " " + found.getMessage());
    }
    return this;
  }

  /** Waits for the end, which must be a failure. */
  public EngineFailure failure() {
    await();
    EngineFailure found = failure;
    assertTrue(found != null, "finished (expected: a failure)");
    return found == null ? new EngineFailure(EngineFailure.Kind.INTERNAL, "") : found;
  }

  public void awaitStarted() {
    awaitOn(startedLatch, "the start of a request");
  }

  public void awaitText() {
    awaitOn(firstText, "the first text of a request");
  }

  private static void awaitOn(CountDownLatch latch, String what) {
    try {
      assertTrue(latch.await(LIMIT_SECONDS, TimeUnit.SECONDS), what + " did not come in time");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits until a condition holds, looking at it often. */
  public static void until(String what, BooleanSupplier holds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!holds.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, what + " did not come in time");
      LockSupport.parkNanos(1_000_000);
    }
  }

  public boolean isDone() {
    return done.getCount() == 0;
  }

  public String text() {
    return text(0);
  }

  public String text(int choice) {
    StringBuilder text = texts.get(choice);
    return text == null ? "" : text.toString();
  }

  public List<String> deltas() {
    return deltas;
  }

  public List<SampledToken> tokens() {
    return tokens;
  }

  public FinishReason reason(int choice) {
    return Objects.requireNonNull(reasons.get(choice), "choice " + choice + " never ended");
  }

  public @Nullable String stop(int choice) {
    return stops.get(choice);
  }

  /** The places in the queue it was told. */
  public List<Integer> positions() {
    return positions;
  }

  public int events() {
    return events.get();
  }

  public int prompt() {
    return prompt;
  }

  public int cached() {
    return cached;
  }

  public Counts counts() {
    return Objects.requireNonNull(counts, "no counts");
  }
}
