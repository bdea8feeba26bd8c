package dev.jubal.bench.engine;

import dev.jubal.bench.report.Outcome;
import dev.jubal.bench.report.Report;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./jubal bench fairness}: {@link FairnessBench} from the command line. */
@Command(
    name = "jubal bench fairness",
    mixinStandardHelpOptions = true,
    description = "Measure whether a key that floods the engine keeps another one waiting.")
public final class FairnessCommand implements Callable<Integer> {
  @Option(names = "--quick", description = "Fewer requests.")
  private boolean quick;

  @Option(names = "--save", description = "Make the figures the new baselines.")
  private boolean save;

  @Option(names = "--slots", defaultValue = "4", description = "Slots of the engine (default: 4).")
  private int slots;

  @Option(names = "--library", description = "Folder of the native library.")
  private @Nullable Path library;

  @Option(names = "--model", description = "The weights (default: those installed).")
  private @Nullable Path model;

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new FairnessCommand()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Weights weights = Weights.find(library, model);
    Report report = FairnessBench.run(weights.library(), weights.model(), slots, quick);
    return Outcome.of(report, save);
  }
}
