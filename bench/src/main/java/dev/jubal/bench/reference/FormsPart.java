package dev.jubal.bench.reference;

import dev.jubal.bench.report.Markdown;
import dev.jubal.bench.report.Report;
import dev.jubal.llama.binding.Library;
import dev.jubal.llama.binding.Quantizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What each form of the default weights costs and saves: perplexity on a text of the public domain,
 * beside that of the file as shipped, on the same tokens; size; speed without any server.
 */
final class FormsPart {
  private static final String TEXT = "prose.txt";
  private static final int STRETCHES = 8;
  private static final double NORMAL_95 = 1.96;

  private final Setting setting;
  private final Report report;
  private final boolean quick;
  private final Markdown table =
      new Markdown(
          "weights",
          "MB",
          "perplexity",
          "to shipped, 95 %",
          "read 511 tokens, ms",
          "1 stream tok/s",
          "8 streams tok/s");

  FormsPart(Setting setting, Report report, boolean quick) {
    this.setting = setting;
    this.report = report;
    this.quick = quick;
  }

  /** Measures, and returns the table. */
  String run() throws IOException {
    Library library = Library.open(setting.library(), line -> {});
    Scorer scorer = new Scorer(library, setting.threads());
    String text = text();
    int stretches = quick ? 4 : STRETCHES;
    Scorer.Score base = scorer.score(setting.shipped(), text, stretches);
    tell("as shipped", setting.shipped(), base, "1");
    List<Form> forms = quick ? Form.FEW : Form.ALL;
    for (Form form : forms) {
      Path weights = setting.folder().resolve(form.fileName());
      new Quantizer(library)
          .requantize(setting.shipped(), weights, form.fileType(), form.embedding());
      Scorer.Score score = scorer.score(weights, text, stretches);
      tell(form.name(), weights, score, ratio(score.surprise(), base.surprise()));
      Files.delete(weights);
    }
    return table.text();
  }

  private static String text() throws IOException {
    try (InputStream in = FormsPart.class.getResourceAsStream(TEXT)) {
      if (in == null) {
        throw new IOException("resource " + TEXT + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void tell(String form, Path weights, Scorer.Score score, String ratio)
      throws IOException {
    String name = "form." + form.replace(", embeddings ", "+").replace(' ', '-') + ".";
    double size = Files.size(weights) / 1e6;
    report.fact(name + "perplexity", score.perplexity(), "");
    report.fact(name + "size", size, "MB");
    report.higher(name + "s1", score.alone(), "tok/s");
    table.row(
        form,
        SpeedPart.one(size),
        String.format(Locale.ROOT, "%.3f", score.perplexity()),
        ratio,
        SpeedPart.whole(score.firstMillis()),
        SpeedPart.one(score.alone()),
        SpeedPart.one(score.together()));
  }

  /** The ratio of two perplexities, with the interval that the paired tokens allow. */
  private static String ratio(double[] one, double[] other) {
    int n = one.length;
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      double difference = one[i] - other[i];
      sum += difference;
      squares += difference * difference;
    }
    double mean = sum / n;
    double error = Math.sqrt((squares / n - mean * mean) / n) * NORMAL_95;
    return String.format(
        Locale.ROOT,
        "%.3f (%.3f to %.3f)",
        Math.exp(mean),
        Math.exp(mean - error),
        Math.exp(mean + error));
  }
}
