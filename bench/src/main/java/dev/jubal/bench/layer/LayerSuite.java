package dev.jubal.bench.layer;

import dev.jubal.bench.micro.MicroBench;
import dev.jubal.bench.process.Folders;
import dev.jubal.bench.report.Outcome;
import dev.jubal.bench.report.Report;
import dev.jubal.bench.server.Caller;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./jubal bench layer}: {@link LayerBench} from the command line. */
@Command(
    name = "jubal bench layer",
    mixinStandardHelpOptions = true,
    description =
        "Measure what each part of the layer adds to a request, over HTTP/1.1 and gRPC, beside the"
            + " same handler without it: keys, limits, budgets, the ledger, metrics, and the whole"
            + " server.")
public final class LayerSuite implements Callable<Integer> {
  @Option(names = "--quick", description = "Fewer requests: under three minutes.")
  private boolean quick;

  @Option(names = "--save", description = "Make the figures the new baselines.")
  private boolean save;

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new LayerSuite()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Report report = new Report("layer");
    Path folder = Files.createTempDirectory("jubal-bench-layer");
    try {
      Path script = Files.write(folder.resolve("script.json"), Caller.script());
      List<String> tables = LayerBench.run(report, folder, script, quick);
      MicroBench.limits(report, quick);
      System.out.println("Whole answers over HTTP/1.1:\n\n" + tables.get(0));
      System.out.println("\nWhole answers over gRPC:\n\n" + tables.get(1) + "\n");
    } finally {
      Folders.delete(folder);
    }
    return Outcome.of(report, save);
  }
}
