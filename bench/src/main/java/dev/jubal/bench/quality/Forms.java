package dev.jubal.bench.quality;

import dev.jubal.llama.Engine;
import dev.jubal.llama.EngineOptions;
import dev.jubal.llama.EngineRequest;
import dev.jubal.llama.Sampling;
import dev.jubal.llama.Segment;
import dev.jubal.llama.worker.WorkerEngine;
import dev.jubal.llama.worker.WorkerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Asks one form of the weights every question, in every setting. */
final class Forms {
  private static final int SEEDS = 3;
  private static final int SLOTS = 8;
  private static final int LONGEST = 48;

  private final Path library;
  private final int threads;
  private final List<Question> questions;

  Forms(Path library, int threads, List<Question> questions) {
    this.library = library;
    this.threads = threads;
    this.questions = questions;
  }

  /** Of each question, in how many of the draws the answer was right, from 0 to 1. */
  record Scores(Setting setting, double[] right) {
    double mean() {
      double sum = 0;
      for (double r : right) {
        sum += r;
      }
      return sum / right.length;
    }
  }

  List<Scores> ask(Path model, List<Setting> settings) {
    EngineOptions options =
        new EngineOptions(library, model, SLOTS, 512, threads, "cpu", 1000, Duration.ofMinutes(30));
    WorkerSettings patient = WorkerSettings.standard().withWatchdog(Duration.ofMinutes(2));
    List<Scores> scores = new ArrayList<>();
    try (Engine engine = WorkerEngine.open(options, patient)) {
      for (Setting setting : settings) {
        scores.add(new Scores(setting, ask(engine, setting)));
      }
    }
    return scores;
  }

  private double[] ask(Engine engine, Setting setting) {
    List<Answers> answers = new ArrayList<>();
    for (Question question : questions) {
      for (int seed = 0; seed < seeds(setting); seed++) {
        Answers answer = new Answers();
        answers.add(answer);
        engine.submit(request(question, setting, seed), answer);
      }
    }
    double[] right = new double[questions.size()];
    for (int i = 0; i < answers.size(); i++) {
      int of = i / seeds(setting);
      if (questions.get(of).accepts(answers.get(i).await())) {
        right[of] += 1.0 / seeds(setting);
      }
    }
    return right;
  }

  private static int seeds(Setting setting) {
    return setting.temperature() == 0 ? 1 : SEEDS;
  }

  private static EngineRequest request(Question question, Setting setting, long seed) {
    List<Segment> prompt = new ArrayList<>();
    if (!setting.system().isEmpty()) {
      turn(prompt, "system", setting.system());
    }
    turn(prompt, "user", question.prompt());
    prompt.add(new Segment("<|im_start|>", true));
    prompt.add(new Segment("assistant\n", false));
    Sampling sampling =
        new Sampling(
            (float) setting.temperature(), (float) setting.topP(), 0, 0, 0, 0, Map.of(), seed);
    return new EngineRequest(prompt, sampling, 1, EngineRequest.Limits.tokens(LONGEST), -1);
  }

  private static void turn(List<Segment> prompt, String role, String text) {
    prompt.add(new Segment("<|im_start|>", true));
    prompt.add(new Segment(role + "\n" + text, false));
    prompt.add(new Segment("<|im_end|>", true));
    prompt.add(new Segment("\n", false));
  }
}
