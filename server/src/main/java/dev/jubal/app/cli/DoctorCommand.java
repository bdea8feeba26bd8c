package dev.jubal.app.cli;

import dev.jubal.app.cli.doctor.Examination;
import dev.jubal.app.cli.doctor.Finding;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "doctor",
    description =
        "Look at this machine and the data folder: what is lacking, what it costs, what"
            + " mends it. Ends with status 1 if something a start needs is missing.")
final class DoctorCommand implements Callable<Integer> {
  @Mixin private final DataDir dataDir = new DataDir();
  private final Terminal terminal;

  @Option(
      names = "--port",
      defaultValue = "8080",
      description = "The port to look at (default: 8080).")
  private int port;

  DoctorCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    List<Finding> findings =
        new Examination(dataDir.path(), port, Path.of("/"), System.getenv()).findings();
    PrintWriter out = terminal.out();
    for (Finding finding : findings) {
      String status = finding.status().toString().toLowerCase(Locale.ROOT);
      out.printf("%-8s %-16s %s%n", status, finding.what(), finding.seen());
      if (!finding.cost().isEmpty()) {
        out.printf("%25s costs: %s%n", "", finding.cost());
      }
      if (!finding.mend().isEmpty()) {
        out.printf("%25s mend:  %s%n", "", finding.mend());
      }
    }
    long missing = findings.stream().filter(f -> f.status() == Finding.Status.MISSING).count();
    long warned = findings.stream().filter(f -> f.status() == Finding.Status.WARN).count();
    out.printf(
        "%d missing, %d to note, %d fine%n", missing, warned, findings.size() - missing - warned);
    return missing == 0 ? 0 : 1;
  }
}
