package dev.jubal.bench.reference;

import dev.jubal.bench.engine.Contestant;
import dev.jubal.bench.engine.Load;
import dev.jubal.bench.engine.Ours;
import dev.jubal.bench.engine.Prompts;
import dev.jubal.bench.engine.Run;
import dev.jubal.bench.report.Markdown;
import dev.jubal.bench.report.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The main comparison: llama.cpp's server on the weights as shipped, our engine on the same, and on
 * our default weights; each round gives all three the same prompts, in another order.
 */
final class SpeedPart {
  private static final int PROMPT = 511;
  private static final int SHARED = 448;
  private static final int MOST_SHARED = 8;
  private static final int ROUNDS_SHARED = 3;
  private static final int TOKENS = 128;
  private static final Map<Integer, Double> SAME = Map.of(1, 0.97, 8, 1.0, 16, 1.0);
  private static final Map<Integer, Double> CHOSEN = Map.of(1, 1.3, 16, 1.5);
  private static final double FIRST = 0.5;

  private final Setting setting;
  private final Path program;
  private final Report report;
  private final boolean shared;
  private final Markdown table =
      new Markdown(
          "streams",
          "llama-server tok/s",
          "ours, same weights",
          "ratio",
          "ours, default weights",
          "ratio",
          "TTFT ms: llama-server",
          "same",
          "default",
          "CPU ms/token: llama-server",
          "same",
          "default");

  /**
   * @param shared whether prompts have their first 448 tokens in common and caches are on, in place
   *     of prompts that differ from the 20th token on and caches that are off
   */
  SpeedPart(Setting setting, Path program, Report report, boolean shared) {
    this.setting = setting;
    this.program = program;
    this.report = report;
    this.shared = shared;
  }

  /** Measures, and returns the table. */
  String run() throws IOException {
    try (Ours same = new Ours(setting.engine(setting.shipped()));
        Ours chosen = new Ours(setting.engine(setting.chosen()))) {
      Prompts prompts = new Prompts(same.engine(), PROMPT, Setting.SEED);
      warm(same, prompts);
      warm(chosen, prompts);
      for (int streams : streams()) {
        try (LlamaServer theirs =
            LlamaServer.start(setting.reference(program, streams, shared), setting.folder())) {
          checkLength(theirs, prompts);
          warm(theirs, prompts);
          compare(streams, prompts, List.of(theirs, same, chosen));
        }
      }
    }
    return table.text();
  }

  /** Shared beginnings tell all they can at 8 streams. */
  private List<Integer> streams() {
    return shared
        ? setting.streams().stream().filter(n -> n <= MOST_SHARED).toList()
        : setting.streams();
  }

  private int rounds() {
    return shared ? Math.min(ROUNDS_SHARED, setting.rounds()) : setting.rounds();
  }

  private static void warm(Contestant contestant, Prompts prompts) throws IOException {
    contestant.run(Load.free(prompts.next(2), TOKENS));
  }

  private static void checkLength(LlamaServer theirs, Prompts prompts) throws IOException {
    int length = theirs.tokens(prompts.next(1).getFirst());
    if (length != PROMPT) {
      throw new IOException("llama-server reads " + length + " tokens (expected: " + PROMPT + ").");
    }
  }

  private void compare(int streams, Prompts prompts, List<Contestant> contestants)
      throws IOException {
    List<Median> medians = contestants.stream().map(_ -> new Median()).toList();
    for (int round = 0; round < rounds(); round++) {
      List<String> texts = shared ? prompts.sharing(SHARED, streams) : prompts.next(streams);
      List<String> said = new ArrayList<>();
      for (int turn = 0; turn < contestants.size(); turn++) {
        int who = (turn + round) % contestants.size();
        Run run = contestants.get(who).run(Load.free(texts, TOKENS));
        if (run.tokens() != (long) streams * TOKENS) {
          throw new IOException("made " + run.tokens() + " tokens of " + streams + " x " + TOKENS);
        }
        medians.get(who).add(run);
        said.add(String.format(Locale.ROOT, "%s %.1f", NAMES.get(who), run.perSecond()));
      }
      System.err.println("  " + streams + " streams, tok/s: " + String.join(", ", said));
    }
    tell(streams, medians.get(0), medians.get(1), medians.get(2));
  }

  private static final List<String> NAMES = List.of("llama-server", "same", "default");

  private void tell(int streams, Median theirs, Median same, Median chosen) {
    String name = (shared ? "prefix.s" : "s") + streams + ".";
    double sameRatio = same.perSecond() / theirs.perSecond();
    double chosenRatio = chosen.perSecond() / theirs.perSecond();
    report.fact(name + "theirs", theirs.perSecond(), "tok/s");
    report.higher(name + "same", same.perSecond(), "tok/s");
    report.higher(name + "default", chosen.perSecond(), "tok/s");
    ratio(name + "same.ratio", sameRatio, SAME.get(streams));
    ratio(name + "default.ratio", chosenRatio, CHOSEN.get(streams));
    report.fact(name + "theirs.ttft", theirs.firstMillis(), "ms");
    report.lower(name + "same.ttft", same.firstMillis(), "ms");
    report.lower(name + "default.ttft", chosen.firstMillis(), "ms");
    double first = chosen.firstMillis() / theirs.firstMillis();
    if (streams == 1 && !shared) {
      report.atMost(name + "default.ttft.ratio", first, "x", FIRST);
    } else {
      report.lower(name + "default.ttft.ratio", first, "x");
    }
    table.row(
        Integer.toString(streams),
        one(theirs.perSecond()),
        one(same.perSecond()),
        two(sameRatio),
        one(chosen.perSecond()),
        two(chosenRatio),
        whole(theirs.firstMillis()),
        whole(same.firstMillis()),
        whole(chosen.firstMillis()),
        one(theirs.cpuMillisPerToken()),
        one(same.cpuMillisPerToken()),
        one(chosen.cpuMillisPerToken()));
  }

  /** Judged against its target, where the issue of the load names one. */
  private void ratio(String name, double value, @org.jspecify.annotations.Nullable Double target) {
    if (target == null || shared) {
      report.higher(name, value, "x");
    } else {
      report.atLeast(name, value, "x", target);
    }
  }

  static String whole(double value) {
    return String.format(Locale.ROOT, "%.0f", value);
  }

  static String one(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  static String two(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
