package dev.jubal.backend.llama.models;

import dev.jubal.llama.Engine;
import dev.jubal.llama.EngineFailure;
import dev.jubal.llama.EngineListener;
import dev.jubal.llama.EngineOptions;
import dev.jubal.llama.EngineRequest;
import dev.jubal.llama.Sampling;
import dev.jubal.llama.Segment;
import dev.jubal.llama.worker.WorkerEngine;
import dev.jubal.llama.worker.WorkerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Measures how fast a model reads and writes on this machine, alone, one stream: a prompt of some
 * 250 tokens, 64 tokens of answer, the second of two runs. The two prompts differ from their first
 * word on, so that no cached prefix flatters the second.
 */
public final class SpeedTest {
  private static final int CONTEXT = 1024;
  private static final int WRITTEN = 64;
  private static final String TEXT =
      "The harbour master counted the boats that came in with the evening tide and wrote their"
          + " names into a long grey book. ";

  private final LocalModels models;
  private final Function<EngineOptions, Engine> opener;

  public SpeedTest(LocalModels models) {
    this(models, options -> WorkerEngine.open(options, WorkerSettings.standard()));
  }

  SpeedTest(LocalModels models, Function<EngineOptions, Engine> opener) {
    this.models = models;
    this.opener = opener;
  }

  /**
   * Measures a model and notes the result on its card. Takes seconds to minutes, by its size.
   *
   * @param library folder of the native library
   * @throws EngineFailure if the model does not load or answer
   */
  public LocalModel measure(LocalModel model, Path library) throws IOException {
    int threads = Runtime.getRuntime().availableProcessors();
    EngineOptions options =
        new EngineOptions(
            library, models.weights(model), 1, CONTEXT, threads, "auto", 1, Duration.ofMinutes(10));
    try (Engine engine = opener.apply(options)) {
      run(engine, "One morning, ");
      Run run = run(engine, "Years later, ");
      LocalModel measured = model.withSpeed(run.speed(threads, Instant.now()));
      models.update(measured);
      return measured;
    }
  }

  private static Run run(Engine engine, String beginning) {
    Run run = new Run();
    run.begin();
    var _ =
        engine.submit(
            new EngineRequest(
                List.of(new Segment(beginning + TEXT.repeat(10), false)),
                Sampling.greedy(),
                1,
                new EngineRequest.Limits(WRITTEN, List.of(), true),
                -1),
            run);
    run.await();
    return run;
  }

  /** The times of one request. */
  private static final class Run implements EngineListener {
    private final CompletableFuture<Counts> end = new CompletableFuture<>();
    private volatile long begun;
    private volatile long firstText;
    private volatile long ended;

    void begin() {
      begun = System.nanoTime();
    }

    void await() {
      Throwable why = end.handle((_, failure) -> failure).join();
      if (why instanceof EngineFailure failure) {
        throw failure;
      }
    }

    LocalModel.Speed speed(int threads, Instant at) {
      Counts counts = end.join();
      double reading = Math.max(1, firstText - begun) / 1e9;
      double writing = Math.max(1, ended - firstText) / 1e9;
      return new LocalModel.Speed(
          round((counts.prompt() - counts.cached()) / reading),
          // the first token's time is part of the reading
          round((counts.completion() - 1) / writing),
          threads,
          at);
    }

    private static double round(double value) {
      return Math.round(value * 10) / 10.0;
    }

    @Override
    public void started(int promptTokens, int cachedTokens) {}

    @Override
    public void text(int choice, String text, List<SampledToken> tokens) {
      if (firstText == 0) {
        firstText = System.nanoTime();
      }
    }

    @Override
    public void choiceFinished(int choice, FinishReason reason, @Nullable String stop) {}

    @Override
    public void finished(Counts counts) {
      ended = System.nanoTime();
      if (firstText == 0) {
        firstText = ended;
      }
      end.complete(counts);
    }

    @Override
    public void failed(EngineFailure failure) {
      end.completeExceptionally(failure);
    }
  }
}
