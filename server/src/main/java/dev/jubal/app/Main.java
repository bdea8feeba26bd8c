package dev.jubal.app;

import dev.jubal.app.cli.CommandLines;
import dev.jubal.app.cli.Terminal;
import java.util.List;

/** Where the process starts. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    Logs.configure();
    Terminal terminal = Terminal.ofProcess();
    List<Object> commands = List.of(new ServeCommand(terminal), new TrainCommand(terminal));
    System.exit(CommandLines.create(terminal, commands).execute(arguments));
  }
}
