package dev.jubal.bench.engine;

import dev.jubal.bench.report.Report;
import dev.jubal.llama.EngineFailure;
import dev.jubal.llama.EngineListener;
import dev.jubal.llama.EngineOptions;
import dev.jubal.llama.EngineRequest;
import dev.jubal.llama.Sampling;
import dev.jubal.llama.Segment;
import dev.jubal.llama.Share;
import dev.jubal.llama.worker.WorkerEngine;
import dev.jubal.llama.worker.WorkerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One key keeps 64 requests waiting while a second one sends one after the other: how long the
 * second waits, against the time between slots that come free, and how fast it is served, against a
 * stream of the first.
 */
public final class FairnessBench {
  private static final int WAITING = 64;
  private static final int PROMPT = 96;
  private static final int TOKENS = 64;
  private static final long SEED = 20261124;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Share FLOOD = new Share("team", "flood", "", 1, false);
  private static final Share SINGLE = new Share("team", "single", "", 1, false);

  private final WorkerEngine engine;
  private final Prompts prompts;
  private final int slots;
  private final int answers;
  private final Random random = new Random(SEED);
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicLong releases = new AtomicLong();
  private final AtomicLong floodTokens = new AtomicLong();

  private FairnessBench(WorkerEngine engine, int slots, int answers) {
    this.engine = engine;
    this.prompts = new Prompts(engine, PROMPT, SEED);
    this.slots = slots;
    this.answers = answers;
  }

  /** Prints the figures of an engine: {@code LIBRARY MODEL [SLOTS]}. */
  public static void main(String[] arguments) throws InterruptedException {
    int slots = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 4;
    Report report = run(Path.of(arguments[0]), Path.of(arguments[1]), slots, false);
    System.exit(report.passes() ? 0 : 1);
  }

  /** Runs it against an engine in a worker of its own. */
  public static Report run(Path library, Path model, int slots, boolean quick)
      throws InterruptedException {
    Report report = new Report("fairness");
    EngineOptions options =
        new EngineOptions(library, model, slots, 1024, 0, "cpu", 256, Duration.ofMinutes(30));
    try (WorkerEngine engine =
        WorkerEngine.open(options, WorkerSettings.standard().withWatchdog(PATIENCE))) {
      System.err.println("  prompts are drawn with seed " + SEED);
      new FairnessBench(engine, slots, quick ? 20 : 60).run(report);
    }
    return report;
  }

  private void run(Report report) throws InterruptedException {
    List<String> flood = prompts.next(WAITING + slots);
    flood.forEach(this::flood);
    one(SINGLE, prompts.next(1).getFirst(), TOKENS).await(); // the flood is under way by now
    releases.set(0);
    floodTokens.set(0);
    long start = System.nanoTime();
    List<Long> waits = new ArrayList<>();
    long tokens = 0;
    for (String prompt : prompts.next(answers)) {
      Watch watch = one(SINGLE, prompt, TOKENS);
      watch.await();
      waits.add(watch.started - watch.submitted);
      tokens += watch.tokens;
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    double between = seconds * 1000 / releases.get();
    double floodStream = floodTokens.get() / seconds / Math.max(1, slots - 1);
    over.set(true);
    waits.sort(null);
    double p95 = waits.get((int) Math.ceil(waits.size() * 0.95) - 1) / 1e6;
    report.fact("released", between, "ms");
    report.fact("wait.p50", waits.get(waits.size() / 2) / 1e6, "ms");
    report.fact("wait.p95", p95, "ms");
    report.fact("tokens.flood", floodStream, "tok/s");
    report.fact("tokens.single", tokens / seconds, "tok/s");
    report.atMost("wait.ratio", p95 / between, "x", 1.5);
    report.atLeast("tokens.ratio", tokens / seconds / floodStream, "x", 0.8);
  }

  /** Answers of the flood differ in length, as they do in life. */
  private void flood(String prompt) {
    int most;
    synchronized (random) {
      most = TOKENS / 2 + random.nextInt(TOKENS);
    }
    submit(
        FLOOD,
        prompt,
        most,
        new Watch(
            made -> {
              floodTokens.addAndGet(made);
              if (!over.get()) {
                flood(prompt);
              }
            }));
  }

  private Watch one(Share share, String prompt, int most) {
    return submit(share, prompt, most, new Watch(made -> {}));
  }

  private Watch submit(Share share, String prompt, int most, Watch watch) {
    EngineRequest request =
        new EngineRequest(
            List.of(new Segment(prompt, false)),
            Sampling.greedy(),
            1,
            new EngineRequest.Limits(most, List.of(), true),
            -1);
    engine.submit(request.withShare(share), watch);
    return watch;
  }

  /** Notes the times of one request. Its fields are read after the latch. */
  private final class Watch implements EngineListener {
    private final LongConsumer ended;
    private final CountDownLatch done = new CountDownLatch(1);
    private final long submitted = System.nanoTime();
    private long started;
    private long tokens;

    Watch(LongConsumer ended) {
      this.ended = ended;
    }

    @Override
    public void started(int promptTokens, int cachedTokens) {
      started = System.nanoTime();
    }

    @Override
    public void text(int choice, String text, List<SampledToken> of) {
      // only beginnings and ends count here
    }

    @Override
    public void choiceFinished(int choice, FinishReason reason, @Nullable String stop) {
      releases.incrementAndGet();
    }

    @Override
    public void finished(Counts counts) {
      tokens = counts.completion();
      done.countDown();
      ended.accept(tokens);
    }

    @Override
    public void failed(EngineFailure failure) {
      done.countDown();
      if (!over.get()) { // the rest of the flood ends with the engine
        throw new IllegalStateException(failure.kind() + ": " + failure.getMessage());
      }
    }

    void await() throws InterruptedException {
      done.await();
    }
  }
}
