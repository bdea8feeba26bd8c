package dev.jubal.bench.engine;

import dev.jubal.bench.report.Report;
import dev.jubal.llama.EngineOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All scenarios of the engine bench, in order. Takes minutes; ends all it started. */
public final class EngineBench {
  private static final int PROMPT = 511;
  private static final int TOKENS = 128;
  private static final int SLOTS = 16;
  private static final int CONTEXT = 1024;
  private static final long SEED = 20251101;

  private final Report report;
  private final Settings settings;
  private final Ours ours;
  private final Prompts prompts;

  private EngineBench(Report report, Settings settings, Ours ours) {
    this.report = report;
    this.settings = settings;
    this.ours = ours;
    System.err.println("  prompts are drawn with seed " + SEED);
    this.prompts = new Prompts(ours.engine(), PROMPT, SEED);
  }

  /**
   * What is measured.
   *
   * @param library folder of the native library
   * @param model weights
   * @param reference folder of the reference's source, if it is at hand
   * @param threads that compute
   * @param streams how many prompts at once, one load after the other
   * @param quick fewer rounds
   */
  public record Settings(
      Path library,
      Path model,
      Optional<Path> reference,
      int threads,
      List<Integer> streams,
      boolean quick) {
    public Settings {
      streams = List.copyOf(streams);
    }

    EngineOptions options() {
      return new EngineOptions(
          library, model, SLOTS, CONTEXT, threads, "cpu", 256, Duration.ofMinutes(10));
    }
  }

  /** Runs the bench; {@code folder} is an empty one. */
  public static Report run(Path folder, Settings settings)
      throws IOException, InterruptedException {
    Report report = new Report("engine");
    try (Ours ours = new Ours(settings.options())) {
      EngineBench bench = new EngineBench(report, settings, ours);
      bench.warmUp(ours);
      bench.alone();
      if (settings.reference().isPresent()) {
        bench.against(settings.reference().get(), folder);
      }
    }
    return report;
  }

  private void warmUp(Contestant contestant) throws IOException {
    contestant.run(Load.free(prompts.next(2), TOKENS));
  }

  private void alone() throws IOException, InterruptedException {
    double one = Bandwidth.bytesPerSecond(1);
    double all = Bandwidth.bytesPerSecond(settings.options().threads());
    report.fact("memory.read.1thread", one / 1e9, "GB/s");
    report.fact("memory.read.all", all / 1e9, "GB/s");
    prefix();
    for (int streams : settings.streams()) {
      Run run = best(streams);
      String name = ".s" + streams;
      report.lower("ttft" + name, run.firstMillis(), "ms");
      report.higher("tokens" + name, run.perSecond(), "tok/s");
      report.higher("decode" + name, run.decodePerSecond(), "tok/s");
      report.lower("cpu" + name, run.cpuMillisPerToken(), "ms/tok");
      if (streams == 1) {
        // one stream reads all weights once a token
        double read = run.decodePerSecond() * ours.engine().info().fileBytes();
        report.higher("bandwidth.share.s1", read / all, "of 1");
      }
    }
  }

  /** The better of two: what disturbs a run only ever makes it slower. */
  private Run best(int streams) throws IOException {
    Run first = ours.run(Load.free(prompts.next(streams), TOKENS));
    if (settings.quick() && streams > 1) {
      return first;
    }
    Run second = ours.run(Load.free(prompts.next(streams), TOKENS));
    return first.perSecond() >= second.perSecond() ? first : second;
  }

  private void prefix() throws IOException {
    List<Double> times = new ArrayList<>();
    List<String> prompt = prompts.next(1);
    ours.run(Load.free(prompt, 1));
    for (int i = 0; i < 5; i++) {
      times.add(ours.run(Load.free(prompt, 1)).firstMillis());
    }
    report.below("ttft.cached", median(times), "ms", 40);
  }

  private void against(Path sources, Path folder) throws IOException {
    try (Reference reference = Reference.start(sources, folder, settings.options())) {
      warmUp(reference);
      for (int streams : settings.streams()) {
        List<Double> speed = new ArrayList<>();
        List<Double> cpu = new ArrayList<>();
        int rounds = settings.quick() ? (streams == 1 ? 3 : 1) : streams == 1 ? 5 : 3;
        for (int i = 0; i < rounds; i++) {
          Round round = round(reference, streams, i % 2 == 0);
          speed.add(round.mine.perSecond() / round.theirs.perSecond());
          cpu.add(round.mine.cpuMillisPerToken() / round.theirs.cpuMillisPerToken());
          round.print(streams);
        }
        report.atLeast("ratio.reference.s" + streams, median(speed), "x", 0.95);
        report.lower("cpu.reference.s" + streams, median(cpu), "x");
      }
    }
  }

  /** One run of each on the same prompts, in alternating order. */
  private Round round(Contestant reference, int streams, boolean oursFirst) throws IOException {
    Load same = Load.free(prompts.next(streams), TOKENS);
    if (oursFirst) {
      Run mine = ours.run(same);
      return new Round(mine, reference.run(same));
    }
    Run theirs = reference.run(same);
    return new Round(ours.run(same), theirs);
  }

  private record Round(Run mine, Run theirs) {
    void print(int streams) {
      System.err.printf(
          "  %d streams: ours %s; reference %s; ratio %.3f%n",
          streams, mine.text(), theirs.text(), mine.perSecond() / theirs.perSecond());
    }
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    sorted.sort(null);
    return sorted.get(sorted.size() / 2);
  }
}
