package dev.jubal.llama;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A measured load on any {@link Engine}: streams that begin at once, each with a prompt of 511
 * tokens that differs from the others from the 20th token on, and 128 greedy tokens without stop.
 *
 * <p>{@code scheduler.SlotEngineLoad} prints a table for the engine inside this process; a bench
 * drives {@link #run} with another engine in turn with it, and compares ratios.
 */
public final class EngineLoad {
  /** Tokens of a prompt. */
  public static final int PROMPT = 511;

  /** Tokens of an answer. */
  public static final int ANSWER = 128;

  private static final int COMMON = 19;
  private final Engine engine;
  private final List<String> words = new ArrayList<>();

  /** Prepares prompts for an engine: words that are one token each. */
  public EngineLoad(Engine engine) {
    this.engine = engine;
    for (int token = 300; words.size() < 2000; token++) {
      String piece = new String(engine.pieces(new int[] {token}).getFirst(), UTF_8);
      if (piece.matches(" [a-z]{3,9}")) {
        words.add(piece);
      }
    }
  }

  /**
   * What a run took.
   *
   * @param seconds from the first submit to the last end
   * @param firstNanos time to the first text of each stream
   * @param completion tokens generated
   */
  public record Result(double seconds, List<Long> firstNanos, long completion) {
    /** Tokens a second over the whole run, reading of prompts included. */
    public double tokensPerSecond() {
      return completion / seconds;
    }

    /** The longest time to a first text, in milliseconds. */
    public double slowestFirstMillis() {
      return firstNanos.stream().mapToLong(n -> n).max().orElse(0) / 1e6;
    }
  }

  /** A prompt; equal seeds give equal prompts. */
  public String prompt(long seed) {
    StringBuilder text = new StringBuilder();
    Random common = new Random(1);
    Random own = new Random(seed);
    for (int i = 0; i < PROMPT; i++) {
      text.append(words.get((i < COMMON ? common : own).nextInt(words.size())));
    }
    return text.toString();
  }

  /** Runs {@code streams} streams with prompts of the seeds from {@code seed} on. */
  public Result run(int streams, long seed) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(streams);
    List<Watch> watches = new ArrayList<>();
    long begin = System.nanoTime();
    for (int i = 0; i < streams; i++) {
      Watch watch = new Watch(begin, done);
      watches.add(watch);
      List<Segment> prompt = List.of(new Segment(prompt(seed + i), false));
      engine.submit(
          new EngineRequest(
              prompt, Sampling.greedy(), 1, new EngineRequest.Limits(ANSWER, List.of(), true), -1),
          watch);
    }
    done.await();
    double seconds = (System.nanoTime() - begin) / 1e9;
    List<Long> first = watches.stream().map(w -> w.first.get()).toList();
    return new Result(seconds, first, watches.stream().mapToLong(w -> w.completion).sum());
  }

  private static final class Watch implements EngineListener {
    private final long begin;
    private final CountDownLatch done;
    private final AtomicLong first = new AtomicLong();
    private volatile long completion;

    Watch(long begin, CountDownLatch done) {
      this.begin = begin;
      this.done = done;
    }

    @Override
    public void started(int promptTokens, int cachedTokens) {}

    @Override
    public void text(int choice, String text, List<SampledToken> tokens) {
      first.compareAndSet(0, System.nanoTime() - begin);
    }

    @Override
    public void choiceFinished(int choice, FinishReason reason, @Nullable String stop) {}

    @Override
    public void finished(Counts counts) {
      completion = counts.completion();
      done.countDown();
    }

    @Override
    public void failed(EngineFailure failure) {
      System.err.println(failure.kind() + ": " + failure.getMessage());
      done.countDown();
    }
  }
}
