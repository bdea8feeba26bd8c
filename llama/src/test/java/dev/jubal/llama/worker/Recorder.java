package dev.jubal.llama.worker;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.jubal.llama.EngineFailure;
import dev.jubal.llama.EngineListener;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Writes down what an engine tells; can hold the engine up. */
final class Recorder implements EngineListener {
  private final StringBuilder text = new StringBuilder(); // written by one thread, read after end
  private final CompletableFuture<Counts> end = new CompletableFuture<>();
  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch firstText = new CountDownLatch(1);
  private final AtomicInteger texts = new AtomicInteger();
  private final Semaphore permits;
  private final CompletableFuture<Long> endedAt = new CompletableFuture<>();
  private volatile long firstTextAt;

  Recorder() {
    this(1 << 30);
  }

  /** Takes that many texts, then blocks until {@link #release}. */
  Recorder(int texts) {
    this.permits = new Semaphore(texts);
  }

  @Override
  public void started(int promptTokens, int cachedTokens) {
    started.countDown();
  }

  @Override
  public void text(int choice, String more, List<SampledToken> tokens) {
    permits.acquireUninterruptibly();
    if (texts.getAndIncrement() == 0) {
      firstTextAt = System.nanoTime();
    }
    text.append(more);
    firstText.countDown();
  }

  @Override
  public void choiceFinished(int choice, FinishReason reason, @Nullable String stop) {
    text.append('[').append(reason).append(']');
  }

  @Override
  public void finished(Counts counts) {
    endedAt.complete(System.nanoTime());
    end.complete(counts);
  }

  @Override
  public void failed(EngineFailure failure) {
    endedAt.complete(System.nanoTime());
    end.completeExceptionally(failure);
  }

  void release() {
    permits.release(1 << 29);
  }

  boolean hasStarted() {
    return started.getCount() == 0;
  }

  int texts() {
    return texts.get();
  }

  void awaitText() throws InterruptedException, TimeoutException {
    if (!firstText.await(60, TimeUnit.SECONDS)) {
      throw new TimeoutException("no text");
    }
  }

  long firstTextAt() {
    return firstTextAt;
  }

  long endedAt() throws Exception {
    return endedAt.get(60, TimeUnit.SECONDS);
  }

  /** All text and finish reasons, once the request has ended well. */
  String text() throws Exception {
    end.get(60, TimeUnit.SECONDS);
    return text.toString();
  }

  Counts counts() throws Exception {
    return end.get(60, TimeUnit.SECONDS);
  }

  /** How the request failed. */
  EngineFailure failure() throws Exception {
    try {
      throw new AssertionError("finished instead of failing: " + end.get(60, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      return assertInstanceOf(EngineFailure.class, e.getCause());
    }
  }
}
