package dev.jubal.bench.quality;

import dev.jubal.account.ledger.Price;
import dev.jubal.app.Config;
import dev.jubal.backend.llama.AnswerPlanner;
import dev.jubal.backend.llama.EngineConfig;
import dev.jubal.backend.llama.InstalledModel;
import dev.jubal.backend.llama.LlamaBackend;
import dev.jubal.backend.llama.QueueMeters;
import dev.jubal.backend.llama.decision.CallDecider;
import dev.jubal.backend.llama.decision.IntentProbe;
import dev.jubal.backend.onnx.OnnxBackend;
import dev.jubal.bench.report.Report;
import dev.jubal.inference.AnswerFormat;
import dev.jubal.inference.GenerationEvent;
import dev.jubal.inference.GenerationRequest;
import dev.jubal.inference.Item;
import dev.jubal.inference.Prompt;
import dev.jubal.inference.Requester;
import dev.jubal.inference.Role;
import dev.jubal.inference.SamplingOptions;
import dev.jubal.inference.Tools;
import dev.jubal.inference.catalogue.Model;
import dev.jubal.inference.reasoning.ReasoningConfig;
import dev.jubal.inference.reasoning.TwoPass;
import dev.jubal.llama.binding.GgufFile;
import dev.jubal.llama.host.EngineHost;
import dev.jubal.llama.host.HostLimits;
import dev.jubal.llama.host.Memory;
import dev.jubal.llama.template.ChatTemplate;
import dev.jubal.llama.worker.WorkerEngine;
import dev.jubal.llama.worker.WorkerSettings;
import dev.jubal.platform.metrics.ServerMetrics;
import dev.jubal.platform.time.Cancellation;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Whether weights that do not think answer a reasoning name, in two passes, as well as a name that
 * does not reason: the product's own way from a request to its text, the same questions, settings
 * of the default model and seed.
 */
final class Thoughts {
  private static final Requester BENCH = new Requester("bench", "bench", "", 1, false);
  private static final String SYSTEM = "You are an English assistant. Be brief.";
  private static final int LONGEST = 48;

  private final List<Question> questions;
  private final TwoPass backend;

  private Thoughts(List<Question> questions, TwoPass backend) {
    this.questions = questions;
    this.backend = backend;
  }

  static void measure(
      Report report, Path library, Path weights, int threads, List<Question> questions)
      throws InterruptedException {
    WorkerSettings patient = WorkerSettings.standard().withWatchdog(Duration.ofMinutes(5));
    EngineHost host =
        new EngineHost(
            HostLimits.standard(), o -> WorkerEngine.open(o, patient), Memory.Gauge.system());
    try (OnnxBackend vectors = new OnnxBackend(threads);
        TwoPass backend =
            new TwoPass(
                new LlamaBackend(
                    host,
                    name -> installed(weights),
                    engine(threads),
                    new LlamaBackend.Folders(library, Path.of("unused")),
                    new QueueMeters(new ServerMetrics()),
                    new AnswerPlanner(
                        engine(threads).callDecision(),
                        engine(threads).softLanding(),
                        new CallDecider(vectors::vectors, IntentProbe.standard()))),
                ReasoningConfig.STANDARD)) {
      Thoughts thoughts = new Thoughts(questions, backend);
      double[] one = thoughts.right(false);
      double[] two = thoughts.right(true);
      Interval d = Interval.ofDifference(two, one);
      System.out.printf(
          Locale.ROOT,
          "two passes against one: %+.1f points [%+.1f, %+.1f]%n",
          100 * d.mean(),
          100 * d.low(),
          100 * d.high());
      report.higher("one_pass", mean(one), "share");
      report.higher("two_passes", mean(two), "share");
      report.atLeast("two_passes_against_one_high", d.high(), "share", 0);
    }
  }

  private static EngineConfig engine(int threads) {
    return Config.read(
            Map.of(
                "data-dir",
                System.getProperty("java.io.tmpdir"),
                "engine.threads",
                String.valueOf(threads),
                "engine.slots",
                "8",
                "engine.context",
                "1024"),
            Map.of())
        .engine();
  }

  private static InstalledModel installed(Path weights) {
    GgufFile file = GgufFile.read(weights);
    String jinja = Objects.requireNonNull(file.template(), "the weights carry no template");
    return new InstalledModel(
        "default",
        weights,
        "Apache-2.0",
        1024,
        ChatTemplate.parse(jinja, file.tokens(), Clock.systemUTC()));
  }

  /** Of each question, 1 if the answer was right, else 0. */
  private double[] right(boolean reasoning) throws InterruptedException {
    List<Future<String>> answers = new ArrayList<>();
    try (ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
      questions.forEach(q -> answers.add(all.submit(() -> answer(q, reasoning))));
    }
    double[] right = new double[questions.size()];
    for (int i = 0; i < right.length; i++) {
      try {
        right[i] = questions.get(i).accepts(answers.get(i).get()) ? 1 : 0;
      } catch (ExecutionException e) {
        throw new IllegalStateException("question " + i + " was not answered", e);
      }
    }
    return right;
  }

  private String answer(Question question, boolean reasoning) {
    StringBuilder text = new StringBuilder();
    backend.generate(
        request(question),
        model(reasoning),
        BENCH,
        event -> {
          if (event instanceof GenerationEvent.TextDelta d) {
            text.append(d.text());
          }
        },
        new Cancellation());
    return text.toString();
  }

  private static Model model(boolean reasoning) {
    return new Model(
        reasoning ? "thinks" : "answers",
        List.of(),
        Model.Kind.LANGUAGE,
        new Model.Published(0, Optional.empty(), List.of(), List.of(), "bench", Instant.EPOCH),
        new Model.Rules(reasoning, List.of(), List.of(), Optional.empty()),
        List.of(Price.FREE),
        "llama",
        "default",
        Model.Defaults.NONE);
  }

  private static GenerationRequest request(Question question) {
    SamplingOptions s = SamplingOptions.UNSAID;
    return new GenerationRequest(
        "chat",
        "default",
        new Prompt.Conversation(
            List.of(
                Item.Message.text(Role.SYSTEM, SYSTEM),
                Item.Message.text(Role.USER, question.prompt()))),
        new SamplingOptions(
            Optional.of(0.05),
            Optional.of(0.2),
            s.topK(),
            s.minP(),
            s.penalties(),
            s.logitBias(),
            Optional.of(7L)),
        new GenerationRequest.Limits(OptionalInt.of(LONGEST), List.of()),
        new GenerationRequest.Options(
            1,
            OptionalInt.empty(),
            GenerationRequest.Thought.UNSAID,
            Optional.empty(),
            new AnswerFormat.Text(),
            Tools.NONE),
        false);
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double v : values) {
      sum += v;
    }
    return sum / values.length;
  }
}
