package dev.jubal.bench.micro;

import dev.jubal.bench.report.Report;
import java.util.Collection;
import java.util.Locale;
import java.util.Objects;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the micro benchmarks, a minute or two in all. */
public final class MicroBench {
  private MicroBench() {}

  /** Runs them; {@code quick} with fewer iterations. */
  public static Report run(boolean quick) {
    Report report = new Report("micro");
    results(MicroBench.class.getPackageName() + "\\..*", quick)
        .forEach(result -> add(report, result));
    return report;
  }

  /** Only what a request is counted in. */
  public static void limits(Report report, boolean quick) {
    results(LimitsBenchmark.class.getName() + "\\..*", quick)
        .forEach(result -> add(report, result));
  }

  private static Collection<RunResult> results(String include, boolean quick) {
    try {
      return new Runner(
              new OptionsBuilder()
                  .include(include)
                  .forks(1)
                  .shouldFailOnError(true)
                  .jvmArgs(
                      "-Xmx512m",
                      "-XX:+UseSerialGC",
                      "-XX:+UseCompactObjectHeaders",
                      "--sun-misc-unsafe-memory-access=allow",
                      "--enable-native-access=ALL-UNNAMED")
                  .warmupIterations(quick ? 2 : 4)
                  .warmupTime(TimeValue.seconds(1))
                  .measurementIterations(quick ? 2 : 5)
                  .measurementTime(TimeValue.seconds(1))
                  .addProfiler(GCProfiler.class)
                  .verbosity(VerboseMode.SILENT)
                  .build())
          .run();
    } catch (RunnerException e) {
      throw new IllegalStateException("the micro benchmarks failed: " + e.getMessage(), e);
    }
  }

  private static void add(Report report, RunResult result) {
    String full = result.getParams().getBenchmark();
    String method = full.substring(full.lastIndexOf('.') + 1);
    String type = full.substring(0, full.lastIndexOf('.'));
    String name =
        type.substring(type.lastIndexOf('.') + 1).replace("Benchmark", "").toLowerCase(Locale.ROOT);
    Result<?> score = result.getPrimaryResult();
    if (result.getParams().getMode() == Mode.Throughput) {
      report.higher(name + "." + method, score.getScore(), score.getScoreUnit());
    } else {
      report.lower(name + "." + method, score.getScore(), score.getScoreUnit());
    }
    if (name.equals("dialect")) {
      Result<?> allocated =
          Objects.requireNonNull(
              result.getSecondaryResults().get("gc.alloc.rate.norm"), "the profiler was not run");
      report.lower(name + "." + method + "_bytes", allocated.getScore(), "B/op");
    }
  }
}
