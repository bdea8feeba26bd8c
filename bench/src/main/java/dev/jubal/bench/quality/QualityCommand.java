package dev.jubal.bench.quality;

import dev.jubal.bench.engine.ShippedWeights;
import dev.jubal.bench.engine.Weights;
import dev.jubal.bench.process.Folders;
import dev.jubal.bench.process.Home;
import dev.jubal.bench.process.Lines;
import dev.jubal.bench.report.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./jubal bench quality}: {@link QualityBench} from the command line. */
@Command(
    name = "jubal bench quality",
    mixinStandardHelpOptions = true,
    description = "Evaluate the forms and settings of the default model and the call decision.")
public final class QualityCommand implements Callable<Integer> {
  @Option(names = "--quick", description = "One setting only.")
  private boolean quick;

  @Option(
      names = "--thoughts",
      description = "Only: do reasoning names answer as well in two passes as others in one?")
  private boolean thoughts;

  @Option(names = "--save", description = "Make the figures the new baselines.")
  private boolean save;

  @Option(
      names = "--fit",
      paramLabel = "FILE",
      description = "Fit the call decision anew, to FILE.")
  private @Nullable Path fit;

  @Option(names = "--data", description = "The labelled sets (default: bench/data).")
  private @Nullable Path data;

  @Option(names = "--library", description = "Folder of the native library.")
  private @Nullable Path library;

  @Option(names = "--shipped", description = "The weights as shipped (default: fetched once).")
  private @Nullable Path shipped;

  @Option(names = "--threads", description = "Threads that compute (default: the cores).")
  private int threads;

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new QualityCommand()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Path home = Home.folder();
    Path sets = data == null ? home.resolve("bench").resolve("data") : data;
    if (fit != null) {
      QualityBench.fit(sets, fit);
      return 0;
    }
    int cores = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    if (thoughts) {
      Weights installed = Weights.find(library, shipped);
      return Outcome.of(
          QualityBench.thoughts(sets, installed.library(), installed.model(), cores), save);
    }
    Path cache = Files.createDirectories(home.resolve(".cache").resolve("reference"));
    Path original = shipped == null ? ShippedWeights.ready(cache, new Lines(System.err)) : shipped;
    Weights weights = Weights.find(library, original);
    Path folder = Files.createTempDirectory("jubal-quality");
    try {
      return Outcome.of(
          QualityBench.run(
              folder, new QualityBench.Settings(sets, weights.library(), original, cores, quick)),
          save);
    } finally {
      Folders.delete(folder);
    }
  }
}
