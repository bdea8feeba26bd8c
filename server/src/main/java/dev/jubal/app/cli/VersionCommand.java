package dev.jubal.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "version", description = "Print the versions of Jubal, Java and the system.")
final class VersionCommand implements Callable<Integer> {
  @Mixin private final DataDir dataDir = new DataDir();
  private final Terminal terminal;

  VersionCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    terminal.out().println("jubal " + Version.current());
    terminal
        .out()
        .println("java " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")");
    terminal
        .out()
        .println(
            "system "
                + System.getProperty("os.name")
                + " "
                + System.getProperty("os.version")
                + " "
                + System.getProperty("os.arch"));
    terminal.out().println("data " + dataDir.path());
    return 0;
  }
}
