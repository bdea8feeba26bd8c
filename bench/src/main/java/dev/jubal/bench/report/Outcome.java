package dev.jubal.bench.report;

import dev.jubal.bench.process.Home;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** What a command ends with: its figures beside the baselines, which they may become. */
public final class Outcome {
  private Outcome() {}

  /**
   * Prints the figures of a suite.
   *
   * @param save whether they become the baseline of the suite, and all of it
   * @return the exit status: 0 when every target is kept, else 1
   */
  public static int of(Report report, boolean save) throws IOException {
    print(report);
    if (save) {
      say(Baseline.write(folder(), report, today()));
    }
    return status(report);
  }

  /** The same, but saved figures that were not measured now stay: for suites that run in parts. */
  public static int ofParts(Report report, boolean save) throws IOException {
    print(report);
    if (save) {
      say(Baseline.update(folder(), report, today()));
    }
    return status(report);
  }

  private static void print(Report report) throws IOException {
    Table.print(report, Baseline.read(folder(), report.suite()), System.out);
  }

  private static void say(Path saved) {
    System.err.println("saved " + saved);
  }

  private static int status(Report report) {
    return report.passes() ? 0 : 1;
  }

  private static Path folder() {
    return Home.folder().resolve("bench").resolve("baselines");
  }

  private static String today() {
    return LocalDate.now(ZoneOffset.UTC).toString();
  }
}
