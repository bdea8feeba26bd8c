package dev.jubal.bench.quality;

import dev.jubal.backend.llama.decision.CallDecider;
import dev.jubal.backend.llama.decision.IntentProbe;
import dev.jubal.backend.onnx.OnnxBackend;
import dev.jubal.bench.report.Report;
import dev.jubal.llama.binding.Library;
import dev.jubal.llama.binding.Quantizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Whether the product's own choices are good ones: the form of the default weights, its sampling
 * and system line, and the decision to call a function.
 */
public final class QualityBench {
  private static final String SHIPPED = "q4_1 as shipped";
  private static final String ANSWER = "You are an English assistant. Be brief.";
  private static final String CUSTOMARY =
      "You are a helpful AI assistant named SmolLM, trained by Hugging Face";

  private static final List<Setting> SETTINGS =
      List.of(
          new Setting("greedy, no system line", 0, 1, ""),
          new Setting("greedy, template's line", 0, 1, CUSTOMARY),
          new Setting("greedy, default line", 0, 1, ANSWER),
          new Setting("t 0.05 p 0.2, default line", 0.05, 0.2, ANSWER),
          new Setting("t 0.2 p 0.9, default line", 0.2, 0.9, ANSWER));

  private QualityBench() {}

  /**
   * What to measure.
   *
   * @param data the folder bench/data
   * @param shipped the weights as they are shipped
   */
  public record Settings(Path data, Path library, Path shipped, int threads, boolean quick) {}

  /** Fits the decision anew and writes its weights. */
  public static void fit(Path data, Path target) throws IOException {
    try (OnnxBackend vectors = new OnnxBackend(1)) {
      DecisionFit.write(Labelled.read(data.resolve("decisions")), vectors, target);
    }
  }

  /** Only whether two passes answer as well as one, with the weights as they are installed. */
  public static Report thoughts(Path data, Path library, Path weights, int threads)
      throws IOException, InterruptedException {
    Report report = new Report("thoughts");
    List<Question> questions = Question.read(data.resolve("quality/items.jsonl"));
    Thoughts.measure(report, library, weights, threads, questions);
    return report;
  }

  public static Report run(Path folder, Settings settings) throws IOException {
    Report report = new Report("quality");
    try (OnnxBackend vectors = new OnnxBackend(settings.threads)) {
      Decisions.measure(
          report,
          Labelled.read(settings.data.resolve("decisions")),
          new CallDecider(vectors::vectors, IntentProbe.standard()));
    }
    List<Question> questions = Question.read(settings.data.resolve("quality/items.jsonl"));
    Forms forms = new Forms(settings.library, settings.threads, questions);
    List<Setting> asked = settings.quick ? List.of(SETTINGS.get(3)) : SETTINGS;
    Map<String, List<Forms.Scores>> all = new LinkedHashMap<>();
    for (Map.Entry<String, Path> form : made(folder, settings).entrySet()) {
      all.put(form.getKey(), forms.ask(form.getValue(), asked));
    }
    print(all);
    report(report, all);
    return report;
  }

  private static Map<String, Path> made(Path folder, Settings settings) {
    Quantizer quantizer = new Quantizer(Library.open(settings.library, line -> {}));
    Map<String, Path> forms = new LinkedHashMap<>();
    forms.put(SHIPPED, settings.shipped);
    forms.put("q4_0", folder.resolve("q4_0.gguf"));
    forms.put("iq4_nl", folder.resolve("iq4_nl.gguf"));
    forms.put("q8_0", folder.resolve("q8_0.gguf"));
    quantizer.requantize(settings.shipped, folder.resolve("q4_0.gguf"), Quantizer.Q4_0);
    quantizer.requantize(settings.shipped, folder.resolve("iq4_nl.gguf"), Quantizer.IQ4_NL);
    quantizer.requantize(settings.shipped, folder.resolve("q8_0.gguf"), Quantizer.Q8_0);
    return forms;
  }

  private static void print(Map<String, List<Forms.Scores>> all) {
    System.out.println("| form | setting | right | against " + SHIPPED + ", 95 % |");
    System.out.println("|---|---|---|---|");
    List<Forms.Scores> base = all.getOrDefault(SHIPPED, List.of());
    all.forEach(
        (form, scores) -> {
          for (int i = 0; i < scores.size(); i++) {
            row(form, scores.get(i).setting().name(), scores.get(i).right(), base.get(i).right());
          }
          row(form, "all of them", pooled(scores), pooled(base));
        });
  }

  private static void row(String form, String setting, double[] right, double[] shipped) {
    Interval d = Interval.ofDifference(right, shipped);
    double mean = Arrays.stream(right).average().orElse(0);
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %.1f %% | %+.1f [%+.1f, %+.1f] |%n",
        form,
        setting,
        100 * mean,
        100 * d.mean(),
        100 * d.low(),
        100 * d.high());
  }

  /** Of each question, the mean over the settings: these are no further questions. */
  private static double[] pooled(List<Forms.Scores> scores) {
    double[] sum = new double[scores.getFirst().right().length];
    for (Forms.Scores s : scores) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += s.right()[i] / scores.size();
      }
    }
    return sum;
  }

  private static void report(Report report, Map<String, List<Forms.Scores>> all) {
    all.forEach(
        (form, scores) -> {
          for (Forms.Scores s : scores) {
            String name = (form + " " + s.setting().name()).replaceAll("[^a-z0-9.]+", "_");
            report.higher(name, s.mean(), "share");
          }
        });
  }
}
