package dev.jubal.bench;

import dev.jubal.bench.engine.EngineBench;
import dev.jubal.bench.engine.Weights;
import dev.jubal.bench.micro.MicroBench;
import dev.jubal.bench.process.Folders;
import dev.jubal.bench.process.Home;
import dev.jubal.bench.report.Outcome;
import dev.jubal.bench.report.Report;
import dev.jubal.bench.server.Launch;
import dev.jubal.bench.server.ServerBench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code ./jubal bench [engine|server|micro]...}: measures, and prints the figures beside the
 * committed baselines. The exit status is 0 when every target is kept, else 1.
 */
@Command(
    name = "jubal bench",
    mixinStandardHelpOptions = true,
    description = "Measure, and compare with the committed baselines. Linux only.",
    footer = {"", "Suites with options of their own (--help shows them): " + Suites.NAMES})
public final class Bench implements Callable<Integer> {
  /** What can be measured. */
  enum Suite {
    MICRO,
    SERVER,
    ENGINE
  }

  @Parameters(
      paramLabel = "SUITE",
      description = "${COMPLETION-CANDIDATES}; all of them when none is named.")
  private @Nullable List<Suite> suites;

  @Option(names = "--quick", description = "Fewer and shorter rounds: under three minutes.")
  private boolean quick;

  @Option(names = "--save", description = "Make the figures the new baselines.")
  private boolean save;

  @Option(
      names = "--reference",
      description = "Folder of the reference's Llama.java and Worker.java, to run in turn with.")
  private @Nullable Path reference;

  @Option(
      names = "--threads",
      description =
          "Threads of the engine; 0 takes the number of cores. On a busy machine one thread tells"
              + " more, since two wait for each other.")
  private int threads;

  @Option(names = "--streams", split = ",", description = "Prompts at once, such as 1,8,16.")
  private List<Integer> streams = new ArrayList<>();

  @Option(names = "--library", description = "Folder of the native library.")
  private @Nullable Path library;

  @Option(names = "--model", description = "Weights, in the form they are shipped.")
  private @Nullable Path model;

  @Option(
      names = "--only",
      description = "A part of the server suite: ${COMPLETION-CANDIDATES}; may be repeated.")
  private List<ServerBench.Part> parts = new ArrayList<>();

  @Option(
      names = "--jvm",
      description = "Flags of the server's JVM in place of the usual ones; not with the launcher.")
  private List<String> jvm = new ArrayList<>();

  public static void main(String[] args) throws Exception {
    if (args.length > 0 && Suites.has(args[0])) {
      Suites.run(args[0], Arrays.copyOfRange(args, 1, args.length));
      return;
    }
    CommandLine line = new CommandLine(new Bench()).setCaseInsensitiveEnumValuesAllowed(true);
    System.exit(line.execute(args));
  }

  @Override
  public Integer call() throws Exception {
    int status = 0;
    List<Suite> wanted = suites == null ? List.of(Suite.values()) : suites;
    for (Suite suite : wanted) {
      System.err.println(suite.name().toLowerCase(java.util.Locale.ROOT) + ":");
      status = Math.max(status, Outcome.of(run(suite), save));
    }
    return status;
  }

  private Report run(Suite suite) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("jubal-bench");
    try {
      return switch (suite) {
        case MICRO -> MicroBench.run(quick);
        case SERVER -> ServerBench.run(folder, launch(), parts(), quick);
        case ENGINE -> EngineBench.run(folder, engine());
      };
    } finally {
      Folders.delete(folder);
    }
  }

  private Launch launch() {
    Optional<Path> launcher = Home.launcher();
    if (launcher.isPresent()) {
      return Launch.script(launcher.get());
    }
    return Launch.classPath(jvm.isEmpty() ? Launch.FLAGS : jvm);
  }

  private Set<ServerBench.Part> parts() {
    return parts.isEmpty() ? EnumSet.allOf(ServerBench.Part.class) : EnumSet.copyOf(parts);
  }

  private EngineBench.Settings engine() throws IOException {
    Weights weights = Weights.find(library, model);
    return new EngineBench.Settings(
        weights.library(),
        weights.model(),
        Optional.ofNullable(reference),
        threads == 0 ? Runtime.getRuntime().availableProcessors() : threads,
        streams.isEmpty() ? (quick ? List.of(1, 8) : List.of(1, 4, 8, 16)) : streams,
        quick);
  }
}
