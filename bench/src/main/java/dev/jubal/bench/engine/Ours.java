package dev.jubal.bench.engine;

import dev.jubal.bench.process.ProcStat;
import dev.jubal.llama.EngineFailure;
import dev.jubal.llama.EngineListener;
import dev.jubal.llama.EngineOptions;
import dev.jubal.llama.EngineRequest;
import dev.jubal.llama.OutputForm;
import dev.jubal.llama.Sampling;
import dev.jubal.llama.Segment;
import dev.jubal.llama.worker.WorkerEngine;
import dev.jubal.llama.worker.WorkerSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The product's engine in its worker process. */
public final class Ours implements Contestant {
  private static final long LIMIT_MINUTES = 5;

  // a busy machine may hold up one step for long, and a measurement has time
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final WorkerEngine engine;

  /** Starts a worker and loads the model. */
  public Ours(EngineOptions options) {
    this.engine = WorkerEngine.open(options, WorkerSettings.standard().withWatchdog(PATIENCE));
  }

  public WorkerEngine engine() {
    return engine;
  }

  @Override
  public Run run(Load load) throws IOException {
    long cpu = cpuMillis();
    long start = System.nanoTime();
    List<Watch> watches = new ArrayList<>();
    for (String prompt : load.prompts()) {
      Watch watch = new Watch(start);
      watches.add(watch);
      engine.submit(request(prompt, load), watch);
    }
    long made = 0;
    long last = 0;
    long[] first = new long[watches.size()];
    for (int i = 0; i < first.length; i++) {
      Watch watch = watches.get(i);
      watch.await();
      first[i] = watch.first;
      made += watch.tokens;
      last = Math.max(last, watch.end);
    }
    return new Run(last, first, cpuMillis() - cpu, made);
  }

  private static EngineRequest request(String prompt, Load load) {
    boolean free = load.schema().isEmpty();
    EngineRequest request =
        new EngineRequest(
            List.of(new Segment(prompt, false)),
            Sampling.greedy(),
            1,
            new EngineRequest.Limits(load.tokens(), List.of(), free),
            -1);
    return load.schema()
        .map(OutputForm.JsonSchema::new)
        .map(form -> request.withOutput(new EngineRequest.Output(form, load.forced())))
        .orElse(request);
  }

  private long cpuMillis() throws IOException {
    return ProcStat.of(engine.workerPid()).cpuMillis()
        + ProcStat.of(ProcessHandle.current().pid()).cpuMillis();
  }

  @Override
  public void close() {
    engine.close();
  }

  /** Notes the times of one request. Its fields are read after the latch. */
  private static final class Watch implements EngineListener {
    private final long start;
    private final CountDownLatch over = new CountDownLatch(1);
    private long first;
    private long end;
    private long tokens;
    private @Nullable EngineFailure failure;

    Watch(long start) {
      this.start = start;
    }

    @Override
    public void started(int promptTokens, int cachedTokens) {
      // the first text tells the time that matters
    }

    @Override
    public void text(int choice, String text, List<SampledToken> tokens) {
      if (first == 0) {
        first = System.nanoTime() - start;
      }
    }

    @Override
    public void choiceFinished(int choice, FinishReason reason, @Nullable String stop) {
      // one choice a request: finished() follows
    }

    @Override
    public void finished(Counts counts) {
      tokens = counts.completion();
      end();
    }

    @Override
    public void failed(EngineFailure why) {
      failure = why;
      end();
    }

    private void end() {
      end = System.nanoTime() - start;
      first = first == 0 ? end : first;
      over.countDown();
    }

    void await() throws IOException {
      try {
        if (!over.await(LIMIT_MINUTES, TimeUnit.MINUTES)) {
          throw new IOException("no answer within " + LIMIT_MINUTES + " minutes");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while the engine ran", e);
      }
      if (failure != null) {
        throw new IOException("the engine failed: " + failure.getMessage(), failure);
      }
    }
  }
}
