package dev.jubal.bench.reference;

import dev.jubal.bench.engine.Bandwidth;
import dev.jubal.bench.engine.Load;
import dev.jubal.bench.engine.Ours;
import dev.jubal.bench.engine.Prompts;
import dev.jubal.bench.engine.Run;
import dev.jubal.bench.report.Markdown;
import dev.jubal.bench.report.Report;
import dev.jubal.llama.EngineStats;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What holds one stream back: memory, the library, or what is ours. */
final class ProfilePart {
  private static final int PROMPT = 511;
  private static final int TOKENS = 256;
  private static final double LEAST_PERCENT = 1;

  private final Setting setting;
  private final Report report;

  ProfilePart(Setting setting, Report report) {
    this.setting = setting;
    this.report = report;
  }

  /** Measures, and returns the tables. */
  String run() throws IOException, InterruptedException {
    double one = Bandwidth.bytesPerSecond(1);
    double all = Bandwidth.bytesPerSecond(setting.threads());
    report.fact("memory.read.1thread", one / 1e9, "GB/s");
    report.fact("memory.read.all", all / 1e9, "GB/s");
    Markdown steps =
        new Markdown(
            "weights",
            "MB read a token",
            "decode tok/s",
            "share of the memory's bandwidth",
            "ms/token",
            "in llama_decode",
            "sampling and text",
            "the rest");
    String functions = "";
    for (Path weights : List.of(setting.shipped(), setting.chosen())) {
      boolean chosen = weights.equals(setting.chosen());
      try (Ours ours = new Ours(setting.engine(weights))) {
        Prompts prompts = new Prompts(ours.engine(), PROMPT, Setting.SEED);
        ours.run(Load.free(prompts.next(1), TOKENS));
        steps(steps, chosen ? "default" : "as shipped", ours, prompts, all);
        if (chosen) {
          functions = functions(ours, prompts);
        }
      }
    }
    return String.format(
            Locale.ROOT,
            "The memory reads %.1f GB/s on one thread and %.1f on %d.%n%n",
            one / 1e9,
            all / 1e9,
            setting.threads())
        + steps.text()
        + functions;
  }

  /** The time of a token, in parts: the prompt is read before, so that only decoding counts. */
  private void steps(Markdown table, String name, Ours ours, Prompts prompts, double bandwidth)
      throws IOException {
    List<String> prompt = prompts.next(1);
    ours.run(Load.free(prompt, 1));
    EngineStats before = ours.engine().stats();
    Run run = ours.run(Load.free(prompt, TOKENS));
    EngineStats after = ours.engine().stats();
    double tokens = run.tokens();
    double whole = run.nanos() / 1e6 / tokens;
    double decode = (after.decodeNanos() - before.decodeNanos()) / 1e6 / tokens;
    double sample = (after.sampleNanos() - before.sampleNanos()) / 1e6 / tokens;
    double bytes = ours.engine().info().fileBytes();
    double share = 1000 / whole * bytes / bandwidth;
    String key = "profile." + name.replace(' ', '-') + ".";
    report.higher(key + "bandwidth.share", share, "of 1");
    report.lower(key + "token", whole, "ms");
    report.lower(key + "decode", decode, "ms");
    report.lower(key + "sample", sample, "ms");
    table.row(
        name,
        SpeedPart.one(bytes / 1e6),
        SpeedPart.one(1000 / whole),
        percent(share),
        SpeedPart.two(whole),
        percent(decode / whole),
        percent(sample / whole),
        percent(1 - (decode + sample) / whole));
  }

  private String functions(Ours ours, Prompts prompts) throws IOException, InterruptedException {
    if (!Tool.PERF.present()) {
      System.err.println("  no functions: perf is missing. Install with: " + Tool.PERF.install());
      return "";
    }
    List<String> prompt = prompts.next(1);
    ours.run(Load.free(prompt, 1));
    PerfSampling sampling = PerfSampling.start(ours.engine().workerPid(), setting.folder());
    ours.run(Load.free(prompt, 2 * TOKENS - 1));
    Markdown table = new Markdown("function", "in", "share");
    for (PerfSampling.Place place : sampling.stop(LEAST_PERCENT)) {
      table.row(
          "`" + place.function() + "`", place.object(), SpeedPart.one(place.percent()) + " %");
    }
    return "\n\nWhere the worker's time goes at one stream of the default weights:\n\n"
        + table.text();
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
