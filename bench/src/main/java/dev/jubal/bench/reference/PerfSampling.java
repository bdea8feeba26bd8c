package dev.jubal.bench.reference;

import dev.jubal.bench.process.Child;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a process spends its time, as the system's {@code perf} samples it. */
final class PerfSampling {
  private static final Pattern LINE =
      Pattern.compile("^\\s*(\\d+\\.\\d+)%\\s+(\\S+)\\s+\\[.]\\s+(.*?)\\s*$");

  private final Path folder;
  private final Path file;
  private final Child recorder;

  private PerfSampling(Path folder, Path file, Child recorder) {
    this.folder = folder;
    this.file = file;
    this.recorder = recorder;
  }

  /**
   * A function and its share.
   *
   * @param percent of all samples
   * @param object the library or program it is in
   */
  record Place(double percent, String object, String function) {}

  /** Begins to sample a process. */
  static PerfSampling start(long pid, Path folder) throws IOException {
    Path file = folder.resolve("perf.data");
    List<String> command =
        List.of(
            "perf",
            "record",
            "-q",
            "-F",
            "499",
            "-e",
            "cpu-clock",
            "-p",
            Long.toString(pid),
            "-o",
            file.toString());
    return new PerfSampling(folder, file, Child.start(command, folder, folder.resolve("perf.log")));
  }

  /** Ends it; the functions with at least {@code percent} of the samples, the largest first. */
  List<Place> stop(double percent) throws IOException, InterruptedException {
    recorder.close();
    List<Place> places = new ArrayList<>();
    List<String> report =
        List.of(
            "perf",
            "report",
            "--stdio",
            "--no-children",
            "-F",
            "overhead,dso,symbol",
            "-i",
            file.toString());
    Programs.run(
        report,
        folder,
        line -> {
          Matcher m = LINE.matcher(line);
          if (m.matches() && Double.parseDouble(m.group(1)) >= percent) {
            places.add(new Place(Double.parseDouble(m.group(1)), m.group(2), m.group(3)));
          }
        });
    return places;
  }
}
