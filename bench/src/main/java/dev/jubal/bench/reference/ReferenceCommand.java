package dev.jubal.bench.reference;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.jubal.bench.engine.ShippedWeights;
import dev.jubal.bench.engine.Weights;
import dev.jubal.bench.process.Folders;
import dev.jubal.bench.process.Home;
import dev.jubal.bench.process.Lines;
import dev.jubal.bench.report.Baseline;
import dev.jubal.bench.report.Report;
import dev.jubal.bench.report.Table;
import dev.jubal.llama.binding.GgufFile;
import dev.jubal.llama.binding.Library;
import dev.jubal.llama.binding.Quantizer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./jubal bench reference}: our engine beside llama.cpp's own server. */
@Command(
    name = "jubal bench reference",
    mixinStandardHelpOptions = true,
    description = {
      "Run our engine and llama.cpp's own server in turns, on the same prompts and weights.",
      "The server's source comes from PyPI and is built once into .cache: about ten minutes."
    })
public final class ReferenceCommand implements Callable<Integer> {
  private static final int ROUNDS = 5;

  /** What can be measured. */
  enum Part {
    SPEED,
    PREFIX,
    SCHEMA,
    PROFILE,
    PERPLEXITY
  }

  @Option(names = "--quick", description = "One round of 1 and 8 streams, to see that it works.")
  private boolean quick;

  @Option(
      names = "--save",
      description =
          "Write the figures to bench/baselines/reference.json and the tables to"
              + " docs/performance.md.")
  private boolean save;

  @Option(
      names = "--only",
      split = ",",
      description = "Parts to measure: ${COMPLETION-CANDIDATES}; all when none is named.")
  private List<Part> only = new ArrayList<>();

  @Option(names = "--streams", split = ",", description = "Prompts at once (default: 1,8,16).")
  private List<Integer> streams = new ArrayList<>();

  @Option(names = "--rounds", description = "Runs of each on each load (default: 5).")
  private int rounds;

  @Option(names = "--threads", description = "Threads that compute, of both (default: the cores).")
  private int threads;

  @Option(names = "--library", description = "Folder of our native library.")
  private @Nullable Path library;

  @Option(names = "--model", description = "Our default weights (default: those installed).")
  private @Nullable Path model;

  @Option(
      names = "--form",
      description = "Take the shipped weights in this form as our default ones, such as Q4_0.")
  private @Nullable String form;

  @Option(names = "--shipped", description = "The weights as shipped (default: fetched once).")
  private @Nullable Path shipped;

  public static void main(String[] arguments) {
    CommandLine line = new CommandLine(new ReferenceCommand());
    System.exit(line.setCaseInsensitiveEnumValuesAllowed(true).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Path home = Home.folder();
    Path cache = Files.createDirectories(home.resolve(".cache").resolve("reference"));
    try (FileChannel lock = FileChannel.open(cache.resolve("lock"), CREATE, WRITE)) {
      if (lock.tryLock() == null) {
        throw new IOException(cache + " is in use (expected: one comparison at a time).");
      }
      return call(home, cache);
    }
  }

  private int call(Path home, Path cache) throws IOException, InterruptedException {
    Path folder = Folders.empty(cache.resolve("run"));
    try {
      Report report = new Report("reference");
      Page page = new Page();
      measure(cache, setting(cache, folder), report, page);
      Path baselines = home.resolve("bench").resolve("baselines");
      Table.print(report, Baseline.read(baselines, report.suite()), System.out);
      System.out.println(page.text());
      if (save) {
        String date = LocalDate.now(ZoneOffset.UTC).toString();
        System.err.println("saved " + Baseline.update(baselines, report, date));
        page.write(home.resolve("docs").resolve("performance.md"));
      }
      return report.passes() ? 0 : 1;
    } finally {
      Folders.delete(folder);
    }
  }

  private void measure(Path cache, Setting setting, Report report, Page page)
      throws IOException, InterruptedException {
    Set<Part> parts = only.isEmpty() ? EnumSet.allOf(Part.class) : EnumSet.copyOf(only);
    if (parts.contains(Part.SPEED) || parts.contains(Part.PREFIX) || parts.contains(Part.SCHEMA)) {
      Path program = new ServerBuild(cache, System.err).ready();
      String version = ServerBuild.version(program);
      if (!version.contains(" " + Library.VERSION + " ")) {
        throw new IOException(
            "llama-server says " + version + " (expected: the library's " + Library.VERSION + ").");
      }
      page.put("machine", new Facts(setting, version).text());
      compare(parts, program, setting, report, page);
    }
    if (parts.contains(Part.PROFILE)) {
      say("profile");
      page.put("profile", new ProfilePart(setting, report).run());
    }
    if (parts.contains(Part.PERPLEXITY)) {
      say("perplexity");
      page.put("perplexity", new FormsPart(setting, report, quick).run());
    }
  }

  private void compare(Set<Part> parts, Path program, Setting setting, Report report, Page page)
      throws IOException {
    if (parts.contains(Part.SPEED)) {
      say("speed");
      page.put("speed", new SpeedPart(setting, program, report, false).run());
    }
    if (parts.contains(Part.PREFIX)) {
      say("prefix");
      page.put("prefix", new SpeedPart(setting, program, report, true).run());
    }
    if (parts.contains(Part.SCHEMA)) {
      say("schema");
      page.put("schema", new SchemaPart(setting, program, report).run());
    }
  }

  private static void say(String part) {
    System.err.println(part + ":");
  }

  private Setting setting(Path cache, Path folder) throws IOException {
    Path original = shipped == null ? ShippedWeights.ready(cache, new Lines(System.err)) : shipped;
    Weights weights = Weights.find(library, form == null ? model : original);
    List<Integer> loads = streams.isEmpty() ? (quick ? List.of(1, 8) : List.of(1, 8, 16)) : streams;
    return new Setting(
        weights.library(),
        original,
        form == null ? weights.model() : written(form, original, weights.library(), folder),
        threads == 0 ? Runtime.getRuntime().availableProcessors() : threads,
        loads,
        rounds == 0 ? (quick ? 1 : ROUNDS) : rounds,
        folder);
  }

  /** The shipped weights in another form. */
  private static Path written(String name, Path shipped, Path library, Path folder) {
    Form form = Form.named(name);
    Path file = folder.resolve(form.fileName());
    new Quantizer(Library.open(library, line -> {}))
        .requantize(shipped, file, form.fileType(), form.embedding());
    System.err.println(
        "  default weights: "
            + form.name()
            + ", header says "
            + GgufFile.read(file).quantisation().toUpperCase(Locale.ROOT));
    return file;
  }
}
